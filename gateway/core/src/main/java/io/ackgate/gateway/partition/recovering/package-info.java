/**
 * The owner of a published epoch until its leader replica has reconciled and told its producer
 * table. Requests are held.
 */
@NullMarked
package io.ackgate.gateway.partition.recovering;

import org.jspecify.annotations.NullMarked;
