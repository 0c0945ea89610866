package io.ackgate.gateway.produce;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.PartitionId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The door for records: takes commands, gives their batches to the owners of their partitions and
 * gathers one answer each. Any thread; nothing here waits.
 */
public final class Producing {
    private static final Cancellable NOTHING_SENT = () -> {};

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

        /** Whether it needs no opening, or was opened. */
        boolean isOpen() {
            return !(verdict instanceof IntakeVerdict.Unopened);
        }

        /**
         * Opens it, on a thread that is there for that.
         *
         * @param then once it is open, or refused as it cannot be opened; on that thread, or on
         *     this one where it is refused at once
         */
        void open(Runnable then) {
            if (!(verdict instanceof IntakeVerdict.Unopened unopened)) {
                then.run();
                return;
            }
            opening.run(
                    unopened.taken(),
                    () -> openInTime(unopened),
                    opened -> {
                        verdict = opened;
                        then.run();
                    });
        }

        private IntakeVerdict openInTime(IntakeVerdict.Unopened unopened) {
            return isLate(unopened.taken())
                    ? tooLate(unopened.taken())
                    : BatchIntake.open(unopened);
        }

        /** Of its timeout, which runs while it waits to be opened or sent; 0 or more. */
        private long leftNanos(IntakeVerdict.Taken taken) {
            return Math.max(0, taken.timeoutNanos() - (nanoTime.getAsLong() - startNanos));
        }

        /** Whether its timeout ran out while it waited. One of 0 is over at the start. */
        private boolean isLate(IntakeVerdict.Taken taken) {
            return taken.timeoutNanos() > 0 && leftNanos(taken) == 0;
        }

        private static IntakeVerdict.Refused tooLate(IntakeVerdict.Taken taken) {
            return new IntakeVerdict.Refused(
                    Failure.notWritten(
                            ErrorCode.REQUEST_TIMED_OUT,
                            "timeout_ms",
                            ("compressed batches were being opened for all of the %d ms that the"
                                            + " request could wait")
                                    .formatted(
                                            TimeUnit.NANOSECONDS.toMillis(taken.timeoutNanos()))),
                    taken.partitions());
        }

        /**
         * Sends it off, once it is open. Called once. What has waited for longer than its timeout
         * is refused.
         *
         * @return drops the answer when its caller is gone; what was sent is written all the same
         */
        public Cancellable send(AnswerListener listener) {
            return switch (verdict) {
                case IntakeVerdict.Refused refused -> refuse(refused, listener);
                case IntakeVerdict.Unopened unopened -> {
                    LateSend late = new LateSend(this, listener);
                    open(late::send);
                    yield late;
                }
                case IntakeVerdict.Taken taken ->
                        isLate(taken)
                                ? refuse(tooLate(taken), listener)
                                : sendBatches(taken, listener);
            };
        }

        private Cancellable refuse(IntakeVerdict.Refused refused, AnswerListener listener) {
            meter.failed(refused.failure().code());
            listener.answered(ProduceAnswer.refused(refused.failure()));
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
                sent.add(
                        runtime.produce(
                                batch.partition(),
                                batch.frame(),
                                taken.acks(),
                                leftNanos(taken),
                                gathering.share(i, outcome -> measure(outcome, taken))));
            }
            return sent.size() == 1 ? sent.getFirst() : () -> sent.forEach(Cancellable::cancel);
        }

        private void measure(ProduceOutcome outcome, IntakeVerdict.Taken taken) {
            switch (outcome) {
                case ProduceOutcome.Failed failed -> meter.failed(failed.error());
                case ProduceOutcome.Accepted accepted -> acknowledged(taken.topic(), taken.acks());
                case ProduceOutcome.Written written -> acknowledged(taken.topic(), taken.acks());
            }
        }

        private void acknowledged(Topic topic, Acks acks) {
            meter.acknowledged(topic, acks, nanoTime.getAsLong() - startNanos);
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
