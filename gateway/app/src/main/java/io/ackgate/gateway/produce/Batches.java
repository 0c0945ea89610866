package io.ackgate.gateway.produce;

import io.ackgate.gateway.failure.Failure;
import java.util.List;

/** What became of the records of a request. */
sealed interface Batches {
    /** One batch per partition, in the order of each partition's first record; 1 or more. */
    record Built(List<PartitionBatch> batches) implements Batches {}

    /** Something is wrong with a record, or with all of them together. */
    record Refused(Failure failure) implements Batches {}
}
