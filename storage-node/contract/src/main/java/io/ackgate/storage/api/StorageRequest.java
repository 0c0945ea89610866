package io.ackgate.storage.api;

import java.nio.ByteBuffer;

/**
 * What a gateway asks of one partition replica. Requests of one stream session to one partition are
 * handled in the order sent; each is answered, an {@link Append} cumulatively.
 *
 * <p>{@link #epoch()} is the authority of the asker. A replica obeys only the epoch that it has
 * persisted by a {@link Fence} or {@link Assign}; a lower one is refused with the epoch it has, a
 * higher one is refused until it has been fenced.
 */
public sealed interface StorageRequest {
    PartitionId partition();

    /** Leader epoch that gives this request its authority, 1 or more. */
    int epoch();

    /** Bytes that the request takes in a message, about. */
    default int weight() {
        return 64;
    }

    /** A request whose answer carries its number, because it changes nothing and may overtake. */
    sealed interface Query extends StorageRequest {
        /** Chosen by the asker, unique within its stream session. */
        long requestId();
    }

    /**
     * Promise to this epoch: nothing of a lower epoch will be accepted or acknowledged from the
     * moment of the answer, not even a sync that is under way. The epoch is durable, and so is
     * every record below the answered log end offset, before the answer leaves.
     *
     * <p>Allowed again in the epoch already held, from the same or a younger stream session: the
     * stream that fences last is the replica's only stream, and must {@link Reconcile} before it
     * appends. Answers: {@link StorageAnswer.Fenced}, {@link StorageAnswer.Missing}, {@link
     * StorageAnswer.Faulty}, {@link StorageAnswer.Refused}.
     */
    record Fence(PartitionId partition, int epoch) implements StorageRequest {}

    /**
     * Create the replica's log under a new incarnation, or give the log that stands there a new
     * one. Implies {@link Fence}. Repeating it with the incarnation already held changes nothing.
     *
     * @param keepLog true keeps the records that are there (a log that came back unclean: it is
     *     reconciled like any follower's), and is answered with {@link StorageAnswer.Missing} where
     *     there is no log; false starts an empty log at offset 0
     */
    record Assign(
            PartitionId partition,
            int epoch,
            Incarnation incarnation,
            ReplicaSettings settings,
            boolean keepLog)
            implements StorageRequest {}

    /**
     * Reconcile with the leader's log: cut the log at {@code truncateTo}, after which appends of
     * this epoch on this stream are accepted. Answer: {@link StorageAnswer.Reconciled}.
     *
     * <p>Refused if it would remove a record that this epoch wrote, anything below the replica's
     * own high watermark, or anything at all once the session has reconciled: a repeat that arrives
     * late must not cut what has been acknowledged since.
     *
     * @param truncateTo the new log end offset, at most the present one
     */
    record Reconcile(PartitionId partition, int epoch, Incarnation incarnation, long truncateTo)
            implements StorageRequest {}

    /**
     * Reconcile with an empty log that begins at {@code startOffset}, because the leader's log no
     * longer holds what this replica would need next. Answer and refusals as {@link Reconcile}.
     *
     * @param producers what the log below {@code startOffset} told of producers, who outlive their
     *     records
     */
    record TruncateFullyAndStartAt(
            PartitionId partition,
            int epoch,
            Incarnation incarnation,
            long startOffset,
            KnownProducers producers)
            implements StorageRequest {
        @Override
        public int weight() {
            return StorageRequest.super.weight() * (1 + producers.entries().size());
        }
    }

    /**
     * Append one frame (see {@code io.ackgate.record.BatchFrame}). Its base offset must be the log
     * end offset. A lower one is acknowledged again if the very same batch stands there (same epoch
     * of origin, same checksum) and refused otherwise; a higher one is refused with the log end
     * offset.
     *
     * @param frame the whole frame, from its position to its limit; not changed, and not to be
     *     changed by the sender afterwards
     * @param highWatermark the owner's, when sent
     */
    record Append(PartitionId partition, int epoch, ByteBuffer frame, long highWatermark)
            implements StorageRequest {
        @Override
        public int weight() {
            return StorageRequest.super.weight() + frame.remaining();
        }
    }

    /** Tell an idle replica the high watermark. Not answered. */
    record AdvanceHighWatermark(PartitionId partition, int epoch, long highWatermark)
            implements StorageRequest {}

    /**
     * Frames from the batch that holds {@code offset} on. Answer: {@link StorageAnswer.Records}.
     *
     * @param maxBytes the answer's bound; at least one whole frame is returned if there is any
     * @param upTo no batch that starts at or above this offset
     */
    record Read(
            PartitionId partition, int epoch, long requestId, long offset, int maxBytes, long upTo)
            implements Query {}

    /** The first offset whose record's timestamp is {@code timestampMillis} or later. */
    record ListOffset(PartitionId partition, int epoch, long requestId, long timestampMillis)
            implements Query {}

    /** The producer table as of the log end offset. Answer: {@link StorageAnswer.Producers}. */
    record ReadProducers(PartitionId partition, int epoch, long requestId) implements Query {}

    /** Take over changed topic settings. Answer: {@link StorageAnswer.Configured}. */
    record Configure(PartitionId partition, int epoch, ReplicaSettings settings)
            implements StorageRequest {}

    /**
     * Delete the replica with its log; answers {@link StorageAnswer.Deleted}, also if it was
     * missing.
     */
    record Delete(PartitionId partition, int epoch) implements StorageRequest {}
}
