/**
 * The packaged applications as processes of their own, which are killed under load: what they
 * acknowledged is read back and held against what was sent.
 */
@NullMarked
package io.ackgate.gateway.processes;

import org.jspecify.annotations.NullMarked;
