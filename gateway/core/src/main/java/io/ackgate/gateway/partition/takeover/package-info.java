/**
 * From the claim of an epoch to the publication of its leader and ISR: fencing, the election among
 * those that answer, and leaders that were not in sync.
 */
@NullMarked
package io.ackgate.gateway.partition.takeover;

import org.jspecify.annotations.NullMarked;
