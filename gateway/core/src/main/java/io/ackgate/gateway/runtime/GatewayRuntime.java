package io.ackgate.gateway.runtime;

import io.ackgate.gateway.host.ElectionOutcome;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The partitions of this gateway, as the edge sees them. Every method may be called from any thread
 * and returns at once; every request is answered exactly once, also when the gateway stops, unless
 * it is cancelled before.
 *
 * <p>Answers arrive on the partition's own thread (or on the caller's, when refused at once): a
 * caller that waits for one hands it on and never blocks there.
 */
public interface GatewayRuntime {
    /** This run of the gateway: the owner that its partitions name. */
    GatewaySession session();

    /**
     * Appends one batch. Requests of one thread to one partition keep their order.
     *
     * <p>Beyond the partition's own refusals: {@code NOT_LEADER_OR_FOLLOWER} when this gateway does
     * not own the partition or knows no such partition, {@code THROTTLING_QUOTA_EXCEEDED} when the
     * gateway holds as many bytes or requests as it may; both not written.
     *
     * @param frame a frame whose batch is complete and valid, with room for the frame header before
     *     it; the partition's from now on, not to be touched by the caller again
     * @param acks the topic's default when its caller named none
     * @param timeoutNanos bound of the wait for acknowledgement, 0 or more
     */
    Cancellable produce(
            PartitionId partition,
            ByteBuffer frame,
            Acks acks,
            long timeoutNanos,
            ProduceListener listener);

    /**
     * Reads committed frames from an offset on.
     *
     * @param maxBytes the answer's bound, but at least one whole frame is given if there is one; an
     *     answer may be shorter although more is there
     * @param minBytes wait for so many, 0 or more, but not for more than one read can give
     * @param waitNanos at most so long, 0 or more
     * @param reader who gets the answer, of {@link #readMemory}: its frames are held for it until
     *     it gives them back
     */
    Cancellable fetch(
            PartitionId partition,
            long offset,
            int maxBytes,
            int minBytes,
            long waitNanos,
            ReadMemory.Reader reader,
            Consumer<FetchOutcome> listener);

    /**
     * Names a position in the log.
     *
     * @param timestampMillis the timestamp looked for, with {@code TIMESTAMP} only
     * @param waitNanos how long to wait for a partition that is recovering, 0 or more
     */
    Cancellable position(
            PartitionId partition,
            PartitionInput.Position position,
            long timestampMillis,
            long waitNanos,
            Consumer<FetchOutcome> listener);

    /** A partition as of now; {@code IDLE} without a state if there is none of that id here. */
    CompletionStage<PartitionStatus> status(PartitionId partition);

    /**
     * Has a leader elected although no in-sync replica may be there: the way out of a partition
     * that is offline for good. An in-sync replica that answers meanwhile leads all the same;
     * otherwise whatever the elected one lacks is lost. Nothing is done while a leader is reached.
     *
     * @param mandate who is to lead if none of the ISR answers, and what may be given up for it
     */
    CompletionStage<ElectionOutcome> electUnclean(PartitionId partition, Mandate mandate);

    /**
     * The idempotent producers that a partition remembers, in no particular order; none unless this
     * gateway serves the partition.
     */
    CompletionStage<List<ProducerEntry>> producers(PartitionId partition);

    /** All partitions known here: one turn of each thread, for metrics and the admin API. */
    CompletionStage<Map<PartitionId, PartitionStatus>> statuses();

    /** Bytes of batches that this gateway holds because not every in-sync replica has them yet. */
    long inFlightBytes();

    /** Reads that wait for records, or for the leader of their partition. */
    int waitingReads();

    /** Memory of what is read for consumers. */
    ReadMemory readMemory();

    /** Calls {@code listener} with every event of every partition from now on. */
    void addEventListener(PartitionEventListener listener);
}
