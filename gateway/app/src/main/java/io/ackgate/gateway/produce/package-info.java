/**
 * From a produce request to its answer: requests become batches, each built or checked once ({@link
 * io.ackgate.gateway.produce.BatchIntake}), batches go to the owners of their partitions and the
 * outcomes come back as one answer ({@link io.ackgate.gateway.produce.Producing}).
 *
 * <p>gRPC and REST both come through here, so that what is refused in one is refused in the other.
 */
@NullMarked
package io.ackgate.gateway.produce;

import org.jspecify.annotations.NullMarked;
