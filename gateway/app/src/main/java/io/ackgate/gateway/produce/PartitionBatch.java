package io.ackgate.gateway.produce;

import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A batch that is ready to be stamped.
 *
 * @param frame complete and valid, with room for the frame header before it
 * @param recordCount 1 or more
 * @param recordIndexes which records of the request it holds; empty when they are all of them
 */
record PartitionBatch(
        PartitionId partition, ByteBuffer frame, int recordCount, List<Integer> recordIndexes) {}
