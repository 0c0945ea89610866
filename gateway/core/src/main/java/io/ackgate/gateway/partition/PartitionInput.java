package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import java.nio.ByteBuffer;

/** Everything that can happen to a partition at its gateway. */
public sealed interface PartitionInput {
    /** A request that a caller waits for; {@code token} is named in its answer and used once. */
    sealed interface Request extends PartitionInput {
        long token();

        /** When the wait for an answer ends. */
        long deadlineNanos();
    }

    /**
     * Append one batch.
     *
     * @param frame a frame whose batch is complete and valid, with room for the frame header before
     *     it; the partition stamps it (offset, epoch, checksum) and owns it from now on
     * @param deadlineNanos when the wait for acknowledgement ends
     * @param tracked whether {@link PartitionEffect.Progress} is wanted
     * @param wallMillis the gateway's clock when it took the request, milliseconds since 1970; how
     *     far it is believed {@code AppendClock} tells
     */
    record Produce(
            long token,
            ByteBuffer frame,
            Acks acks,
            long deadlineNanos,
            boolean tracked,
            long wallMillis)
            implements Request {
        /** The token of a request whose caller has gone: it is answered to nobody. */
        public static final long NO_CALLER = -1;

        /** The same batch, whose answer nobody waits for. */
        public Produce withoutCaller() {
            return new Produce(NO_CALLER, frame, acks, deadlineNanos, false, wallMillis);
        }
    }

    /**
     * Read committed frames.
     *
     * @param maxBytes the owner may give less; see {@link PartitionSettings#maxFetchBytes}
     * @param minBytes wait for so many, until the deadline; not for more than one read can give
     * @param deadlineNanos when to answer with what there is
     */
    record Fetch(long token, long offset, int maxBytes, int minBytes, long deadlineNanos)
            implements Request {}

    /** Name a position in the log. */
    record ListOffset(long token, Position position, long timestampMillis, long deadlineNanos)
            implements Request {}

    /** The positions that can be asked for. */
    enum Position {
        EARLIEST,
        /** The high watermark. */
        LATEST,
        TIMESTAMP
    }

    /**
     * Nobody waits for the answer to a request any more: it leaves its place and is not answered. A
     * batch that was taken is written all the same. Nothing happens if it was answered before.
     */
    record Cancel(long token) implements PartitionInput {}

    /**
     * A stream to a node is up, under a new number; whatever was sent on the one before is void.
     */
    record StreamOpened(NodeId node, long stream) implements PartitionInput {}

    /** The stream is gone. */
    record StreamClosed(NodeId node, long stream) implements PartitionInput {}

    /** A replica answered on a stream. */
    record Answered(NodeId node, long stream, StorageAnswer answer) implements PartitionInput {}

    /** The compare-and-set {@code attempt} was applied. */
    record CasApplied(long attempt, long version) implements PartitionInput {}

    /** The compare-and-set was refused: this is stored instead. */
    record CasRefused(long attempt, long version, PartitionState stored)
            implements PartitionInput {}

    /** Nobody knows whether the compare-and-set was, or will be, applied. */
    record CasUnknown(long attempt) implements PartitionInput {}

    /** A watch or a read saw this state. May be old, may come twice. */
    record StateObserved(long version, PartitionState stored) implements PartitionInput {}

    /** This gateway is to own the partition: take it over, whichever gateway has it. */
    record TakeOver() implements PartitionInput {}

    /**
     * An operator wants a leader although none of the ISR may be there: take over, and let a
     * replica lead that is not in sync if there is no other way. Nothing happens while a leader
     * serves.
     */
    record ElectUnclean(Mandate mandate) implements PartitionInput {}

    /** This gateway has stopped an epoch and does not go on: let others know. */
    record Release() implements PartitionInput {}

    /** This gateway's lease ran out, or it leaves: stop at once. */
    record Resign(String reason) implements PartitionInput {}

    /** Changed settings of the topic. */
    record Reconfigured(PartitionSettings settings) implements PartitionInput {}

    /** Time passes; sent every few milliseconds while {@link Partition#nextDueNanos} is past. */
    record Tick() implements PartitionInput {}
}
