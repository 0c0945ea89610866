package io.ackgate.storage.api;

import java.nio.ByteBuffer;

/**
 * What a replica answers. An answer speaks for one epoch and one incarnation and counts only within
 * the stream session it arrived on.
 */
public sealed interface StorageAnswer {
    PartitionId partition();

    /** The epoch of the request answered. */
    int epoch();

    /** Bytes that the answer takes in a message, about. */
    default int weight() {
        return 64;
    }

    /** An answer to a {@link StorageRequest.Query}. */
    sealed interface Reply extends StorageAnswer {
        long requestId();
    }

    /**
     * The promise asked for by a fence or an assignment.
     *
     * @param incarnation whose log this is; {@link Incarnation#NONE} when the log may have lost
     *     what it acknowledged (it needs a new one before it counts)
     * @param logStart first offset held
     * @param logEnd next offset to be written: durable, and above every acknowledgement ever sent
     * @param highWatermark greatest the replica has been told, at most {@code logEnd}
     * @param chain the epochs of the log
     */
    record Fenced(
            PartitionId partition,
            int epoch,
            Incarnation incarnation,
            long logStart,
            long logEnd,
            long highWatermark,
            EpochChain chain)
            implements StorageAnswer {}

    /**
     * No such replica here: never assigned, an empty disk, or its directory is lost. Never "LEO 0".
     */
    record Missing(PartitionId partition, int epoch) implements StorageAnswer {}

    /**
     * The replica is there and cannot be used until it is assigned a new incarnation. In answer to
     * a cut: the log cannot be cut, since bytes are lost where that has to look. It stays in use
     * then for an owner that need not have it cut.
     */
    record Faulty(
            PartitionId partition, int epoch, Incarnation incarnation, Fault fault, String detail)
            implements StorageAnswer {}

    /**
     * Bytes in the middle of the log are lost, as its node has found by itself. All else in the log
     * is in use as before: it is read, appended to and fenced, and may stand nowhere else. Told
     * once to each stream that reconciles in an epoch, for each incarnation: in front of {@link
     * Reconciled} if it is known by then.
     *
     * @param incarnation the log that is damaged
     * @param fault {@link Fault#CORRUPT} for bytes that are not what they were, {@link
     *     Fault#IO_ERROR} for bytes that the disk does not give
     * @param detail where the damage is, to read
     */
    record Damaged(
            PartitionId partition, int epoch, Incarnation incarnation, Fault fault, String detail)
            implements StorageAnswer {}

    /**
     * A log that was called {@link Damaged} in this epoch has been looked at again from its
     * beginning, after that, and every byte that is synced could be read and is what it was: the
     * disk gives it again, or retention has taken what was lost. Told once to each stream that is
     * reconciled in the epoch.
     *
     * @param incarnation the log that is whole
     */
    record Whole(PartitionId partition, int epoch, Incarnation incarnation)
            implements StorageAnswer {}

    /** What is wrong with a log. */
    enum Fault {
        /** Bytes that were whole are not any more, or a file is gone. */
        CORRUPT,
        /**
         * The disk fails. Of a log that cannot be used: writing or syncing failed, so that what was
         * acknowledged may be gone. Of one that is in use: bytes of it cannot be read.
         */
        IO_ERROR
    }

    /** Reconciled: appends are accepted from {@code logEnd} on. */
    record Reconciled(PartitionId partition, int epoch, Incarnation incarnation, long logEnd)
            implements StorageAnswer {}

    /** Everything below {@code logEnd} is durable by the topic's durability. Cumulative. */
    record Appended(PartitionId partition, int epoch, Incarnation incarnation, long logEnd)
            implements StorageAnswer {}

    /**
     * Not done, and nothing changed.
     *
     * @param heldEpoch the epoch that the replica has promised itself to; 0 before the first
     * @param logEnd its log end offset; 0 while it has no log in use
     */
    record Refused(
            PartitionId partition,
            int epoch,
            Refusal reason,
            int heldEpoch,
            long logEnd,
            String detail)
            implements StorageAnswer {}

    /** Why a request was refused. */
    enum Refusal {
        /** The replica has promised itself to a higher epoch. */
        STALE_EPOCH,
        /** The replica has not been fenced in this epoch yet. */
        NOT_FENCED,
        /** A younger stream session, or none yet, is the replica's. */
        STALE_SESSION,
        /** This stream session has fenced but not reconciled. */
        NOT_RECONCILED,
        /** The incarnation named is not the one held. */
        WRONG_INCARNATION,
        /** The base offset is above the log end offset. */
        GAP,
        /** Another batch stands at that offset. */
        CONFLICT,
        /** The frame does not match its checksum, or names another partition. */
        CORRUPT_FRAME,
        /** The truncation would remove what must stay. */
        UNSAFE_TRUNCATION,
        /** No space left; try again when there is. */
        DISK_FULL,
        /**
         * A file could not be reached: no descriptor, no permission, no memory, or the disk did not
         * answer. Nothing was written, and nothing is known of the bytes. Try again later.
         */
        STORAGE_ERROR
    }

    /**
     * Frames read, whole and in order.
     *
     * @param frames from position to limit; empty when there is none in the range
     */
    record Records(
            PartitionId partition,
            int epoch,
            long requestId,
            ReadStatus status,
            ByteBuffer frames,
            long logStart,
            long logEnd)
            implements Reply {
        @Override
        public int weight() {
            return Reply.super.weight() + frames.remaining();
        }
    }

    /** How a read ended. */
    enum ReadStatus {
        OK,
        /** Below the log start or above the log end offset. */
        OUT_OF_RANGE,
        /** The bytes there fail their checksum: repair this replica from another. */
        CORRUPT,
        /**
         * The file could not be read: no descriptor, no permission, no memory, or the disk did not
         * answer. It says nothing about the bytes: try again later.
         */
        IO_ERROR,
        /** Not reconciled in this epoch on this session, or missing. */
        NOT_AVAILABLE
    }

    /**
     * The offset found for a timestamp.
     *
     * @param status how the search ended; without {@link ReadStatus#OK} the rest says nothing
     * @param offset -1 when every record is older
     */
    record OffsetListed(
            PartitionId partition,
            int epoch,
            long requestId,
            ReadStatus status,
            long offset,
            long timestampMillis)
            implements Reply {}

    /** The producer table as of {@code logEnd}. */
    record Producers(
            PartitionId partition, int epoch, long requestId, long logEnd, KnownProducers known)
            implements Reply {
        @Override
        public int weight() {
            return Reply.super.weight() * (1 + known.entries().size());
        }
    }

    /** The settings are in force. */
    record Configured(PartitionId partition, int epoch) implements StorageAnswer {}

    /** The replica is gone. */
    record Deleted(PartitionId partition, int epoch) implements StorageAnswer {}
}
