/**
 * Opening a data directory after a stop of any kind: checkpoint and journal are folded into the
 * state of each replica, and the segments are brought to it.
 *
 * <p>Nothing that was acknowledged may be missing afterwards, nothing that was cut may be back, and
 * what cannot be told is said: a replica comes back as it was, or without its incarnation, or
 * faulty, or not at all, but never shorter than it promised. Recovery may itself be interrupted
 * anywhere: until its checkpoint replaces the one before, the next start does the same again. It
 * may also fail anywhere: nothing that an earlier sync was to make durable is taken for durable
 * because a sync succeeds now (ADR 0004).
 */
@NullMarked
package io.ackgate.storage.recovery;

import org.jspecify.annotations.NullMarked;
