package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.Failure;
import io.ackgate.gateway.error.Failures;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.v1.ProduceRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Takes produce requests, gives their batches to the owners of their partitions and gathers one
 * answer each. Any thread; nothing here waits.
 */
public final class Dispatch {
    private static final Logger LOG = Logger.getLogger(Dispatch.class);
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
    public Dispatch(
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
    public final class Order {
        private volatile IntakeVerdict verdict;
        private final long startNanos;
        private final long nowMillis;

        private Order(IntakeVerdict verdict, long startNanos, long nowMillis) {
            this.verdict = verdict;
            this.startNanos = startNanos;
            this.nowMillis = nowMillis;
        }

        /** The partitions it goes to, or would have; none if those are not known. */
        public List<PartitionId> partitions() {
            return switch (verdict) {
                case IntakeVerdict.Taken taken -> partitions(taken);
                case IntakeVerdict.Unopened(IntakeVerdict.Taken taken) -> partitions(taken);
                case IntakeVerdict.Refused refused -> refused.partitions();
            };
        }

        private static List<PartitionId> partitions(IntakeVerdict.Taken taken) {
            return taken.batches().stream().map(PartitionBatch::partition).toList();
        }

        /** Bytes of its batches, which are held until it is answered. */
        public long bytes() {
            return switch (verdict) {
                case IntakeVerdict.Taken taken -> bytes(taken);
                case IntakeVerdict.Unopened(IntakeVerdict.Taken taken) -> bytes(taken);
                case IntakeVerdict.Refused refused -> 0;
            };
        }

        private static long bytes(IntakeVerdict.Taken taken) {
            long bytes = 0;
            for (PartitionBatch batch : taken.batches()) {
                bytes += batch.frame().remaining();
            }
            return bytes;
        }

        /** Whether it needs no opening, or was opened. */
        boolean isOpen() {
            return !(verdict instanceof IntakeVerdict.Unopened);
        }

        /**
         * Opens it, on a thread that is there for that.
         *
         * @param then once it is open; on that thread, or on this one where it cannot be opened
         */
        void open(Runnable then) {
            if (!opening.run(bytes(), () -> openNow(then))) {
                verdict =
                        refusal(
                                ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                                "compressed batches of %d bytes are being opened, of at most %d:"
                                        + " send it again a little later");
                then.run();
            }
        }

        private void openNow(Runnable then) {
            try {
                if (verdict instanceof IntakeVerdict.Unopened unopened) {
                    verdict = BatchIntake.open(unopened);
                }
            } catch (RuntimeException bug) {
                LOG.error("a compressed batch could not be opened", bug);
                verdict = refusal(ErrorCode.UNKNOWN_SERVER_ERROR, "the batch could not be opened");
            }
            then.run();
        }

        private IntakeVerdict.Refused refusal(ErrorCode code, String detail) {
            return new IntakeVerdict.Refused(
                    Failure.notWritten(
                            code,
                            "record_batch",
                            detail.formatted(opening.bytes(), Opening.MAX_BYTES)),
                    partitions());
        }

        /**
         * Sends it off, once it is open. Called once.
         *
         * @return drops the answer when its caller is gone; what was sent is written all the same
         */
        public Cancellable send(AnswerListener listener) {
            return switch (verdict) {
                case IntakeVerdict.Refused refused -> {
                    meter.failed(refused.failure().code());
                    listener.answered(ProduceAnswer.refused(refused.failure()));
                    yield NOTHING_SENT;
                }
                case IntakeVerdict.Unopened unopened -> {
                    LateSend late = new LateSend(this, listener);
                    open(late::send);
                    yield late;
                }
                case IntakeVerdict.Taken taken -> sendBatches(taken, listener);
            };
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
            Gathering gathering = new Gathering(taken.topic(), batches, nowMillis, listener);
            List<Cancellable> sent = new ArrayList<>(batches.size());
            for (int i = 0; i < batches.size(); i++) {
                PartitionBatch batch = batches.get(i);
                sent.add(
                        runtime.produce(
                                batch.partition(),
                                batch.frame(),
                                taken.acks(),
                                taken.timeoutNanos(),
                                gathering.share(i, outcome -> measure(outcome, taken))));
            }
            return sent.size() == 1 ? sent.getFirst() : () -> sent.forEach(Cancellable::cancel);
        }

        private void measure(ProduceOutcome outcome, IntakeVerdict.Taken taken) {
            switch (outcome) {
                case ProduceOutcome.Failed failed -> meter.failed(Failures.codeOf(failed));
                case ProduceOutcome.Accepted accepted -> acknowledged(taken.topic(), taken.acks());
                case ProduceOutcome.Written written -> acknowledged(taken.topic(), taken.acks());
            }
        }

        private void acknowledged(Topic topic, Acks acks) {
            meter.acknowledged(topic, acks, nanoTime.getAsLong() - startNanos);
        }
    }

    /** Looks at a request; nothing is written before {@link Order#send}. */
    public Order take(ProduceRequest request) {
        long startNanos = nanoTime.getAsLong();
        long nowMillis = clock.millis();
        return new Order(intake.take(request, nowMillis), startNanos, nowMillis);
    }

    /** Takes a request and sends it off; see {@link Order#send}. */
    public Cancellable produce(ProduceRequest request, AnswerListener listener) {
        return take(request).send(listener);
    }
}
