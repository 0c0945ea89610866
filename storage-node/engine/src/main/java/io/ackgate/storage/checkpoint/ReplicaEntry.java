package io.ackgate.storage.checkpoint;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer.Fault;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica in a checkpoint.
 *
 * @param fault null if there is none
 * @param damage what is lost in a log that is in use all the same; null if nothing is known to be
 * @param logSerial names the log's directory
 * @param log {@link LogEntry#NONE} if the replica is known to be damaged
 */
public record ReplicaEntry(
        PartitionId partition,
        int epoch,
        Incarnation incarnation,
        ReplicaSettings settings,
        @Nullable Fault fault,
        @Nullable Damage damage,
        long logSerial,
        long highWatermark,
        LogEntry log) {

    /**
     * Bytes that are lost in the middle of a log.
     *
     * @param fault whether they are not what they were, or the disk does not give them
     * @param below an offset below which they stand, the last of them
     */
    public record Damage(Fault fault, long below) {}

    /**
     * A log.
     *
     * @param logEnd held by the segments; synced for {@code fsync} topics
     * @param syncedTo everything below it is synced, for every kind of topic
     * @param settledEnd at or above {@code logEnd}: the segments held everything below it as well,
     *     but that is to be looked at before it is believed
     * @param cuttingTo where the log was being cut when the checkpoint was taken, or -1
     * @param tailFrom the batches from here up to {@code settledEnd} stand in files of their own,
     *     whatever the segments hold; -1 if there are none
     * @param unsyncedEnd always {@code IN_HAND} if the log is journaled
     * @param segments in ascending order, with their sizes up to {@code logEnd}
     * @param producers the table as of {@code logEnd}, in the bytes of a snapshot; null if there
     *     are so many that a file of the log has them
     */
    public record LogEntry(
            long logStart,
            long logEnd,
            long syncedTo,
            long settledEnd,
            long cuttingTo,
            long tailFrom,
            UnsyncedEnd unsyncedEnd,
            EpochChain chain,
            List<SegmentEntry> segments,
            @Nullable ByteBuffer producers) {
        public static final LogEntry NONE =
                new LogEntry(
                        0, 0, 0, 0, -1, -1, UnsyncedEnd.IN_HAND, EpochChain.EMPTY, List.of(), null);

        /** The same of a log that is not journaled, and that no process has open any more. */
        public LogEntry leftBehind() {
            return new LogEntry(
                    logStart,
                    logEnd,
                    syncedTo,
                    settledEnd,
                    cuttingTo,
                    tailFrom,
                    UnsyncedEnd.LEFT_BEHIND,
                    chain,
                    segments,
                    producers);
        }

        /** The same, where only what lies below {@code end}, the end of a segment, is believed. */
        public LogEntry doubted(long end) {
            long believed = Math.min(end, logEnd);
            List<SegmentEntry> below =
                    segments.stream().filter(one -> one.baseOffset() < believed).toList();
            return new LogEntry(
                    logStart,
                    believed,
                    Math.min(syncedTo, believed),
                    settledEnd,
                    cuttingTo,
                    tailFrom,
                    unsyncedEnd,
                    chain.truncate(believed),
                    below,
                    believed == logEnd ? producers : null);
        }
    }

    /**
     * One segment.
     *
     * @param bytes of whole frames
     * @param firstAppendMillis when this node appended its first batch, by the node's clock
     * @param lastAppendMillis when it appended the last one
     * @param greatestTimestamp no record has a greater timestamp, milliseconds
     */
    public record SegmentEntry(
            long baseOffset,
            int bytes,
            long firstAppendMillis,
            long lastAppendMillis,
            long greatestTimestamp) {}
}
