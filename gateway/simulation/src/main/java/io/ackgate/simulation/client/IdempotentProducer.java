package io.ackgate.simulation.client;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.record.Sequence;
import io.ackgate.simulation.check.Attempt;
import io.ackgate.simulation.check.Batch;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.PartitionId;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's idempotent producer, as far as one partition sees it: up to five batches in flight, in
 * order; whatever is not known to be written is sent again with the same sequence, to whoever seems
 * to own the partition by then. Kafka asks for acks=all; some of these ask for acks=1, since the
 * owner takes that too.
 */
public final class IdempotentProducer implements Producer {
    private static final int MAX_IN_FLIGHT = 5;
    private static final long BACKOFF_NANOS = 20 * Timeline.MILLIS;
    private static final double NAP_CHANCE = 0.15;

    /** A batch without a final answer. */
    private static final class Pending {
        private final Batch batch;
        private int attempts;
        private int sequenceErrors;
        private boolean inFlight;
        private long retryAt;

        private Pending(Batch batch) {
            this.batch = batch;
        }
    }

    private final PartitionId partition;
    private final Wire wire;
    private final Dice dice;
    private final EventTimes times;
    private final Invariants invariants;
    private final Load load;
    private final LongSupplier producerIds;
    private final ProducerSettings habits;
    private final boolean careless;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private long producerId;
    private short producerEpoch;
    private int nextSequence;
    private int created;
    private boolean finished;

    /** Whether this epoch has written so much that half of all sequences are behind it. */
    private boolean veteran;

    /** Until then it neither sends nor hears anything. */
    private long asleepUntil;

    /** The last batch of this epoch; null before its first one. */
    private @Nullable Batch newest;

    /**
     * Number of the false retry whose answer is awaited, while nothing is created; 0 if none is.
     */
    private int awaited;

    private int falseRetries;

    public IdempotentProducer(
            PartitionId partition,
            Wire wire,
            SkewedClock clock,
            Invariants invariants,
            Load load,
            LongSupplier producerIds,
            ProducerSettings habits) {
        this.partition = partition;
        this.wire = wire;
        this.dice = wire.dice();
        this.times = new EventTimes(clock, wire.dice(), load.strangeTimeChance());
        this.invariants = invariants;
        this.load = load;
        this.producerIds = producerIds;
        this.habits = habits;
        this.producerId = producerIds.getAsLong();
        this.careless = dice.chance(0.3);
        later();
    }

    /**
     * It has written before the world began and goes on near the greatest sequence.
     *
     * @return who it is, and the sequence at which it goes on
     */
    public Batch.Sequenced goOnFrom(int sequence) {
        nextSequence = sequence;
        veteran = true;
        return new Batch.Sequenced(producerId, producerEpoch, sequence);
    }

    private void later() {
        wire.timeline().after(dice.around(load.pauseNanos()), this::createOne);
    }

    private void createOne() {
        if (finished || created >= load.batches()) {
            return;
        }
        if (awaited != 0 || isAsleep()) {
            later();
            return;
        }
        if (habits.napNanos() > 0 && dice.chance(NAP_CHANCE)) {
            asleepUntil = wire.timeline().now() + dice.around(habits.napNanos());
            wire.timeline().at(asleepUntil, this::pump);
            later();
            return;
        }
        if (dice.chance(habits.epochBumpChance())) {
            startEpoch();
        }
        created++;
        int records = dice.between(1, load.maxRecords());
        Batch batch =
                invariants
                        .ledger()
                        .create(
                                partition,
                                habits.acks(),
                                new Batch.Sequenced(producerId, producerEpoch, nextSequence),
                                records,
                                dice.between(0, load.maxPadding()),
                                times.next());
        pending.add(new Pending(batch));
        newest = batch;
        nextSequence = Sequence.incrementSequence(nextSequence, records);
        pump();
        later();
    }

    /**
     * The session ends and another one begins: what was unresolved is reported and not sent again.
     */
    private void startEpoch() {
        pending.clear();
        newest = null;
        veteran = false;
        producerEpoch++;
        nextSequence = 0;
    }

    /**
     * The producer is unknown: what was unresolved is reported, and a new identity is asked for.
     */
    private void startAnew() {
        pending.clear();
        newest = null;
        veteran = false;
        producerId = producerIds.getAsLong();
        producerEpoch = 0;
        nextSequence = 0;
    }

    private boolean isAsleep() {
        return wire.timeline().now() < asleepUntil;
    }

    private void pump() {
        if (isAsleep()) {
            return;
        }
        int inFlight = 0;
        for (Pending one : pending) {
            if (inFlight == MAX_IN_FLIGHT) {
                return;
            }
            if (!one.inFlight) {
                if (one.retryAt > wire.timeline().now()) {
                    return;
                }
                send(one);
            }
            inFlight++;
        }
    }

    private void send(Pending one) {
        one.inFlight = true;
        int number = ++one.attempts;
        Attempt attempt = invariants.sent(one.batch);
        wire.call(
                partition,
                gateway ->
                        gateway.produce(
                                attempt,
                                load.waitNanos(),
                                false,
                                outcome -> wire.back(() -> answered(one, number, outcome))));
        wire.timeline()
                .after(
                        load.requestTimeoutNanos(),
                        () -> {
                            if (one.attempts == number && one.inFlight) {
                                retryLater(one);
                            }
                        });
    }

    private void answered(Pending one, int number, ProduceOutcome outcome) {
        if (isAsleep() || one.attempts != number || !one.inFlight || !pending.contains(one)) {
            return;
        }
        switch (outcome) {
            case ProduceOutcome.Written written -> {
                pending.remove(one);
                pump();
                if (careless && pending.isEmpty() && newest != null && dice.chance(0.3)) {
                    sendFalseRetry(newest);
                }
            }
            case ProduceOutcome.Accepted accepted ->
                    throw new IllegalStateException(
                            "acks=%s was answered as acks=0".formatted(habits.acks()));
            case ProduceOutcome.Failed(ErrorCode error, WriteStatus writeStatus, String detail) ->
                    failed(one, error, writeStatus);
        }
    }

    /**
     * Nothing else of this producer is written until it is answered. A producer that is not
     * answered starts anew, since a false retry on its way might come in when the batch is long
     * past.
     */
    private void sendFalseRetry(Batch original) {
        int number = ++falseRetries;
        awaited = number;
        Batch batch = FalseRetries.of(original, veteran, invariants.ledger(), dice, times.next());
        Attempt attempt = invariants.sent(batch);
        wire.call(
                partition,
                gateway ->
                        gateway.produce(
                                attempt,
                                load.waitNanos(),
                                false,
                                outcome -> wire.back(() -> endAwaiting(number))));
        wire.timeline()
                .after(
                        load.requestTimeoutNanos(),
                        () -> {
                            if (endAwaiting(number)) {
                                startAnew();
                            }
                        });
    }

    private boolean endAwaiting(int number) {
        boolean wasAwaited = awaited == number;
        awaited = wasAwaited ? 0 : awaited;
        return wasAwaited;
    }

    private void failed(Pending one, ErrorCode error, WriteStatus writeStatus) {
        boolean aboutSequences =
                error == ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
                        || error == ErrorCode.UNKNOWN_PRODUCER_ID;
        boolean forgotten =
                error == ErrorCode.UNKNOWN_PRODUCER_ID
                        && writeStatus == WriteStatus.MAY_HAVE_BEEN_WRITTEN;
        if (error == ErrorCode.INVALID_PRODUCER_EPOCH
                || forgotten
                || (aboutSequences && ++one.sequenceErrors > habits.patience())) {
            startAnew();
            return;
        }
        retryLater(one);
    }

    private void retryLater(Pending one) {
        one.inFlight = false;
        one.retryAt = wire.timeline().now() + dice.around(BACKOFF_NANOS);
        wire.timeline().at(one.retryAt, this::pump);
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public boolean isDone() {
        return finished && pending.isEmpty();
    }

    @Override
    public void abandon() {
        finished = true;
        pending.clear();
    }

    @Override
    public String toString() {
        return "producer %d.%d of p%d, %d pending"
                .formatted(producerId, producerEpoch, partition.partition(), pending.size());
    }
}
