package io.ackgate.storage.journal;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer.Fault;

/** One durable change of one replica, as recovery reads it back. */
public sealed interface JournalRecord {
    PartitionId partition();

    /** A batch was appended; carries the high watermark known then. */
    record Appended(PartitionId partition, long highWatermark, FrameRef frame)
            implements JournalRecord {}

    /** The replica promised itself to an epoch. */
    record Fenced(PartitionId partition, int epoch) implements JournalRecord {}

    /**
     * The replica's log has a new incarnation.
     *
     * @param logSerial names the log's directory; another than before means an empty log
     */
    record Assigned(
            PartitionId partition,
            int epoch,
            Incarnation incarnation,
            long logSerial,
            ReplicaSettings settings)
            implements JournalRecord {}

    /**
     * The log is being cut at {@code logEnd}: done again by recovery unless {@link Settled} says
     * that it was done. Nothing is appended between the two.
     */
    record Cutting(PartitionId partition, long logEnd) implements JournalRecord {}

    /** The segments hold, synced, everything below {@code logEnd}; earlier appends are void. */
    record Settled(PartitionId partition, long logEnd) implements JournalRecord {}

    /** The log was replaced by an empty one that begins at {@code startOffset}. */
    record Restarted(PartitionId partition, long logSerial, long startOffset)
            implements JournalRecord {}

    /** The high watermark the replica has been told. */
    record HighWatermark(PartitionId partition, long highWatermark) implements JournalRecord {}

    /** Retention moved the log start; segments wholly below it are being deleted. */
    record LogStart(PartitionId partition, long logStart) implements JournalRecord {}

    /** The topic's settings changed. */
    record Configured(PartitionId partition, ReplicaSettings settings) implements JournalRecord {}

    /** The replica is gone. */
    record Deleted(PartitionId partition) implements JournalRecord {}

    /** Bytes of the log are lost, the last of them below an offset; it is in use all the same. */
    record Damaged(PartitionId partition, Fault fault, long below) implements JournalRecord {}

    /** The log was called damaged, and is whole. */
    record Whole(PartitionId partition) implements JournalRecord {}

    /** The replica may not be used until it is assigned anew. */
    record Faulted(PartitionId partition, Fault fault) implements JournalRecord {}
}
