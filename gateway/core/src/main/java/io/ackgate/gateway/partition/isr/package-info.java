/**
 * The ISR that is committed, and the one change to it that may be on its way, in Kafka's shapes;
 * and the compare-and-set of unknown outcome, which a takeover uses as well.
 */
@NullMarked
package io.ackgate.gateway.partition.isr;

import org.jspecify.annotations.NullMarked;
