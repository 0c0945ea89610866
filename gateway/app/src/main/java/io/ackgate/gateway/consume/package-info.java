/**
 * From frames, as partitions give them, to what consumers get: records or whole batches, once or as
 * a stream that goes on ({@link io.ackgate.gateway.consume.PartitionReads}, {@link
 * io.ackgate.gateway.consume.Subscriptions}); and how far groups have come.
 *
 * <p>What a consumer gets for a record is made by the package of its protocol ({@link
 * io.ackgate.gateway.consume.RecordMaker}).
 */
@NullMarked
package io.ackgate.gateway.consume;

import org.jspecify.annotations.NullMarked;
