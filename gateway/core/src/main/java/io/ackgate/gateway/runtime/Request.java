package io.ackgate.gateway.runtime;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.loop.SafeLog;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.ProduceStep;
import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request of a caller, on its way to its partition and until it is answered. A caller whose
 * listener fails has lost its answer and disturbs nobody.
 */
abstract sealed class Request extends Work implements Cancellable
        permits Request.Produce, Request.Read {
    private static final SafeLog LOG = new SafeLog(Request.class.getName());

    final PartitionId partition;

    /** By the clock of the runtime. */
    final long deadlineNanos;

    /** The partition that has it; null before. */
    @Nullable HostedPartition host;

    /** What it is called there; 0 before. */
    long token;

    /** Its neighbours among those of its partition that wait. */
    @Nullable Request newer;

    @Nullable Request older;

    /** Where it is; null before it was put there, and once it is answered. */
    private volatile @Nullable PartitionThread thread;

    Request(PartitionId partition, long deadlineNanos) {
        this.partition = partition;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    final void run(PartitionThread at) {
        at.request(this);
    }

    /** It goes to this thread next. */
    final void goesTo(PartitionThread where) {
        thread = where;
    }

    @Override
    public final void cancel() {
        PartitionThread where = thread;
        if (where != null) {
            where.put(each -> each.cancel(this), () -> {});
        }
    }

    @Override
    final void refuse() {
        refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER, "this gateway has stopped; ask another one");
    }

    /** Bytes that it holds in memory. */
    abstract int bytes();

    /** What the partition is stepped with. */
    abstract PartitionInput.Request input(long token);

    /** Ends it, before anything was done for it. */
    abstract void refuse(ErrorCode error, String detail);

    /** Ends it without anybody knowing what was done for it. */
    abstract void abandon(String detail);

    /** Tells the caller, who can cancel nothing any more. */
    final void answer(Runnable listener) {
        thread = null;
        call(listener);
    }

    static void call(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "a caller's listener failed", bug);
        }
    }

    /** Appends a batch. */
    static final class Produce extends Request {
        private final ByteBuffer frame;
        private final int bytes;
        private final Acks acks;
        private final ProduceListener listener;
        private final boolean tracked;
        private final long wallMillis;

        Produce(
                PartitionId partition,
                ByteBuffer frame,
                Acks acks,
                long deadlineNanos,
                long wallMillis,
                ProduceListener listener) {
            super(partition, deadlineNanos);
            this.wallMillis = wallMillis;
            this.frame = frame;
            this.bytes = frame.remaining();
            this.acks = acks;
            this.listener = listener;
            this.tracked = listener.wantsProgress();
        }

        @Override
        int bytes() {
            return bytes;
        }

        @Override
        PartitionInput.Request input(long token) {
            return new PartitionInput.Produce(
                    token, frame, acks, deadlineNanos, tracked, wallMillis);
        }

        /** Whether its caller has stopped waiting before anything was done. */
        boolean isTooLate(long nowNanos) {
            return acks != Acks.NONE && nowNanos > deadlineNanos;
        }

        void progress(ProduceStep step) {
            call(() -> listener.progress(step));
        }

        void done(ProduceOutcome outcome) {
            answer(() -> listener.done(outcome));
        }

        @Override
        void refuse(ErrorCode error, String detail) {
            done(new ProduceOutcome.Failed(error, WriteStatus.NOT_WRITTEN, detail));
        }

        @Override
        void abandon(String detail) {
            done(
                    new ProduceOutcome.Failed(
                            ErrorCode.NOT_LEADER_OR_FOLLOWER,
                            WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                            detail));
        }
    }

    /** Fetches, or asks for a position. */
    static final class Read extends Request {
        private static final String NO_ROOM =
                "the memory for answers is used up by what consumers have asked for and not taken;"
                        + " try again later";

        private final ReadInput input;
        private final ReadMemory.@Nullable Reader reader;
        private final Consumer<FetchOutcome> listener;

        private final int maxBatchBytes;

        /** What a storage node is asked for, or is to be; null while there is nothing. */
        private @Nullable Reading reading;

        private record Reading(ReadRooms rooms, ReadRooms.Key key, ReadMemory.Place place) {}

        /** Makes the input when the token is known. */
        interface ReadInput {
            PartitionInput.Request with(long token);
        }

        /**
         * A read.
         *
         * @param reader who gets the answer; null where it has no records
         * @param maxBatchBytes that one batch may have, which is given whole
         */
        Read(
                PartitionId partition,
                long deadlineNanos,
                ReadInput input,
                ReadMemory.@Nullable Reader reader,
                int maxBatchBytes,
                Consumer<FetchOutcome> listener) {
            super(partition, deadlineNanos);
            this.input = input;
            this.reader = reader;
            this.maxBatchBytes = maxBatchBytes;
            this.listener = listener;
        }

        @Override
        int bytes() {
            return 0;
        }

        @Override
        PartitionInput.Request input(long token) {
            return input.with(token);
        }

        void done(FetchOutcome outcome) {
            endRead(outcome instanceof FetchOutcome.Fetched got ? got.frames().remaining() : 0);
            answer(() -> listener.accept(outcome));
        }

        /**
         * A storage node is to be asked for it.
         *
         * @param maxBytes that the answer may have, or its first batch if that is larger
         * @param later asks, if there is no room for the answer now
         * @return whether there is
         */
        boolean beginRead(
                ReadRooms rooms,
                ReadRooms.Key key,
                ReadMemory memory,
                int maxBytes,
                Runnable later) {
            endRead(0);
            if (reader == null) {
                return true;
            }
            ReadMemory.Place place = memory.ask(reader, Math.max(maxBytes, maxBatchBytes), later);
            reading = new Reading(rooms, key, place);
            return place.isGranted();
        }

        boolean readsFor(ReadRooms.Key key) {
            Reading now = reading;
            return now != null && now.key().equals(key);
        }

        /** What a storage node was asked for was answered, or is wanted no more. */
        void endRead(long kept) {
            Reading over = reading;
            if (over != null) {
                reading = null;
                over.rooms().forget(over.key());
                over.place().end(kept);
            }
        }

        /** There is no room for the answer, and has not been for as long as it may wait. */
        void noRoom() {
            HostedPartition at = host;
            if (at != null) {
                at.cancel(this, () -> done(new FetchOutcome.Throttled(NO_ROOM)));
            }
        }

        @Override
        void refuse(ErrorCode error, String detail) {
            done(
                    error == ErrorCode.THROTTLING_QUOTA_EXCEEDED
                            ? new FetchOutcome.Throttled(detail)
                            : new FetchOutcome.Unavailable(detail));
        }

        @Override
        void abandon(String detail) {
            done(new FetchOutcome.Unavailable(detail));
        }
    }
}
