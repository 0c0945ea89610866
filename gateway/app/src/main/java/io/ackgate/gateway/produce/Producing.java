package io.ackgate.gateway.produce;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.ProduceListener;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.PartitionId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * The door for records: takes commands, gives their batches to the owners of their partitions and
 * gathers one answer each. Any thread; nothing here waits.
 */
public final class Producing {
    private static final Logger LOG = Logger.getLogger(Producing.class);
    private static final Cancellable NOTHING_SENT = () -> {};
    private static final ProduceOutcome.Failed UNFORESEEN =
            new ProduceOutcome.Failed(
                    ErrorCode.UNKNOWN_SERVER_ERROR,
                    WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                    "the gateway met something unforeseen when it sent the batch off. "
                            + ErrorCode.UNKNOWN_SERVER_ERROR.hint());

    private final BatchIntake intake;
    private final Opening opening;
    private final GatewayRuntime runtime;
    private final ProduceMeter meter;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    /**
     * @param served whether this gateway serves a partition right now
     * @param defaultTimeout for requests that name none
     * @param opening opens what clients have compressed
     */
    public Producing(
            Topics topics,
            GatewayRuntime runtime,
            Predicate<PartitionId> served,
            Duration defaultTimeout,
            Opening opening,
            ProduceMeter meter,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.intake =
                new BatchIntake(topics, new StickyPartitions(served), defaultTimeout.toNanos());
        this.opening = opening;
        this.runtime = runtime;
        this.meter = meter;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * A request that was taken but is not on its way yet, so that its caller can queue up first.
     */
    public final class TakenRequest {
        private volatile IntakeVerdict verdict;
        private final long startNanos;
        private final long nowMillis;

        private TakenRequest(IntakeVerdict verdict, long startNanos, long nowMillis) {
            this.verdict = verdict;
            this.startNanos = startNanos;
            this.nowMillis = nowMillis;
        }

        /** The partitions it goes to, or would have; none if those are not known. */
        public List<PartitionId> partitions() {
            return switch (verdict) {
                case IntakeVerdict.Taken taken -> taken.partitions();
                case IntakeVerdict.Unopened(IntakeVerdict.Taken taken) -> taken.partitions();
                case IntakeVerdict.Refused refused -> refused.partitions();
            };
        }

        /** Bytes of its batches, which are held until it is answered. */
        public long bytes() {
            return switch (verdict) {
                case IntakeVerdict.Taken taken -> taken.bytes();
                case IntakeVerdict.Unopened(IntakeVerdict.Taken taken) -> taken.bytes();
                case IntakeVerdict.Refused refused -> 0;
            };
        }

        /** Whether nothing of it will be written. */
        boolean isRefused() {
            return verdict instanceof IntakeVerdict.Refused;
        }

        /** Whether it needs no opening, or was opened. */
        boolean isOpen() {
            return !(verdict instanceof IntakeVerdict.Unopened);
        }

        /** What it asks for; it must not be refused. */
        IntakeVerdict.Taken taken() {
            return switch (verdict) {
                case IntakeVerdict.Taken taken -> taken;
                case IntakeVerdict.Unopened(IntakeVerdict.Taken taken) -> taken;
                case IntakeVerdict.Refused refused ->
                        throw new IllegalStateException(refused.failure().detail());
            };
        }

        /**
         * Opens it, on a thread that is there for that.
         *
         * @param then once it is open, or refused as it cannot be opened; on that thread, or on
         *     this one where it is refused at once
         * @return drops it if it still waits to be opened
         */
        Cancellable open(Runnable then) {
            if (!(verdict instanceof IntakeVerdict.Unopened unopened)) {
                then.run();
                return NOTHING_SENT;
            }
            return opening.run(
                    unopened.taken(),
                    () -> openInTime(unopened),
                    opened -> {
                        verdict = opened;
                        then.run();
                    });
        }

        private IntakeVerdict openInTime(IntakeVerdict.Unopened unopened) {
            return isLate(unopened.taken())
                    ? new IntakeVerdict.Refused(
                            tooLate(unopened.taken()), unopened.taken().partitions())
                    : BatchIntake.open(unopened);
        }

        /** When its timeout is over, on the clock of this. */
        long deadlineNanos(IntakeVerdict.Taken taken) {
            return startNanos + taken.timeoutNanos();
        }

        /** Of its timeout, which runs while it waits to be opened or sent; 0 or more. */
        private long leftNanos(IntakeVerdict.Taken taken) {
            return Math.max(0, deadlineNanos(taken) - nanoTime.getAsLong());
        }

        private boolean isLate(IntakeVerdict.Taken taken) {
            return taken.canBeLate() && leftNanos(taken) == 0;
        }

        private static Failure tooLate(IntakeVerdict.Taken taken) {
            return Failure.notWritten(
                    ErrorCode.REQUEST_TIMED_OUT,
                    "timeout_ms",
                    ("the request waited for all of its timeout_ms=%d behind compressed batches"
                                    + " that are being opened; send it again, or give it more time")
                            .formatted(TimeUnit.NANOSECONDS.toMillis(taken.timeoutNanos())));
        }

        /**
         * Sends it off, once it is open. Called once.
         *
         * @return drops the answer when its caller is gone. What was sent is written all the same;
         *     what waits to be opened is not
         */
        public Cancellable send(AnswerListener listener) {
            return switch (verdict) {
                case IntakeVerdict.Refused(Failure failure, var _) -> refuse(failure, listener);
                case IntakeVerdict.Unopened unopened -> {
                    LateSend late = late(listener);
                    if (late.joins()) {
                        late.open(late::send);
                    }
                    yield late;
                }
                case IntakeVerdict.Taken taken -> sendBatches(taken, listener);
            };
        }

        /** The same, for what has to wait. */
        LateSend late(AnswerListener listener) {
            return new LateSend(this, listener, opening.waiting());
        }

        /** Sends it off when it has waited, if it did so for less than its timeout. */
        Cancellable sendInTime(AnswerListener listener) {
            return verdict instanceof IntakeVerdict.Taken taken && isLate(taken)
                    ? refuseLate(listener)
                    : send(listener);
        }

        /** Answers that it has waited for longer than its timeout, or why it was refused before. */
        Cancellable refuseLate(AnswerListener listener) {
            Failure failure =
                    switch (verdict) {
                        case IntakeVerdict.Refused refused -> refused.failure();
                        case IntakeVerdict.Unopened(IntakeVerdict.Taken taken) -> tooLate(taken);
                        case IntakeVerdict.Taken taken -> tooLate(taken);
                    };
            return refuse(failure, listener);
        }

        /** Answers that it may not wait. */
        void refuseFull(String why, AnswerListener listener) {
            refuse(Failure.notWritten(ErrorCode.THROTTLING_QUOTA_EXCEEDED, "", why), listener);
        }

        private Cancellable refuse(Failure failure, AnswerListener listener) {
            meter.failed(failure.code());
            listener.answered(ProduceAnswer.refused(failure));
            return NOTHING_SENT;
        }

        private Cancellable sendBatches(IntakeVerdict.Taken taken, AnswerListener listener) {
            List<PartitionBatch> batches = taken.batches();
            if (listener.wantsProgress() && batches.size() > 1) {
                listener.answered(
                        ProduceAnswer.refused(
                                Failure.notWritten(
                                        ErrorCode.INVALID_REQUEST,
                                        "produce.partition",
                                        "the keys name %d partitions; only one can be tracked"
                                                .formatted(batches.size()))));
                return NOTHING_SENT;
            }
            SplitRequest gathering = new SplitRequest(taken.topic(), batches, nowMillis, listener);
            List<Cancellable> sent = new ArrayList<>(batches.size());
            for (int i = 0; i < batches.size(); i++) {
                PartitionBatch batch = batches.get(i);
                // The buffer is the partition's once it is given away.
                int bytes = batch.frame().remaining();
                ProduceListener share =
                        gathering.share(i, outcome -> measure(outcome, taken, batch, bytes));
                sent.add(give(batch, taken, share));
            }
            return sent.size() == 1 ? sent.getFirst() : () -> sent.forEach(Cancellable::cancel);
        }

        /** Its listener is told, whatever is thrown: nobody would wait in vain. */
        private Cancellable give(
                PartitionBatch batch, IntakeVerdict.Taken taken, ProduceListener share) {
            try {
                return runtime.produce(
                        batch.partition(), batch.frame(), taken.acks(), leftNanos(taken), share);
            } catch (RuntimeException | Error bug) {
                LOG.error("a batch could not be given to its partition", bug);
                share.done(UNFORESEEN);
                return NOTHING_SENT;
            }
        }

        private void measure(
                ProduceOutcome outcome,
                IntakeVerdict.Taken taken,
                PartitionBatch batch,
                int bytes) {
            switch (outcome) {
                case ProduceOutcome.Failed failed -> meter.failed(failed.error());
                case ProduceOutcome.Accepted _, ProduceOutcome.Written _ ->
                        meter.acknowledged(
                                taken.topic(),
                                taken.acks(),
                                batch.recordCount(),
                                bytes,
                                nanoTime.getAsLong() - startNanos);
            }
        }
    }

    /** Looks at a request; nothing is written before {@link TakenRequest#send}. */
    public TakenRequest take(Caller caller, ProduceCommand command) {
        long startNanos = nanoTime.getAsLong();
        long nowMillis = clock.millis();
        return new TakenRequest(intake.take(command, nowMillis), startNanos, nowMillis);
    }

    /** Takes a request and sends it off; see {@link TakenRequest#send}. */
    public Cancellable produce(Caller caller, ProduceCommand command, AnswerListener listener) {
        return take(caller, command).send(listener);
    }
}
