/**
 * From frames, as partitions give them, to what consumers get: records or whole batches, once or as
 * a stream that goes on.
 */
@NullMarked
package io.ackgate.gateway.consume;

import org.jspecify.annotations.NullMarked;
