package io.ackgate.simulation.client;

import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.record.BatchFrame;
import io.ackgate.simulation.gateway.SimGateway;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads a partition from its beginning on, or from where retention has left it. It ignores answers
 * of a lower leader epoch than it has seen; for all the rest it relies on never being told anything
 * that changes afterwards.
 */
public final class SimConsumer {
    /** Of so many fetches one is cancelled, unless it is answered before. */
    private static final int CANCELLED = 5;

    private static final List<PartitionInput.Position> POSITIONS =
            List.of(
                    PartitionInput.Position.EARLIEST,
                    PartitionInput.Position.LATEST,
                    PartitionInput.Position.TIMESTAMP);

    private final PartitionId partition;
    private final Wire wire;
    private final Dice dice;
    private final long pauseNanos;
    private final long waitNanos;
    private final EventTimes times;
    private long next;
    private int seenEpoch;
    private int call;
    private boolean finished;

    public SimConsumer(
            PartitionId partition,
            Wire wire,
            long pauseNanos,
            long waitNanos,
            SkewedClock clock,
            double strangeTimeChance) {
        this.partition = partition;
        this.wire = wire;
        this.dice = wire.dice();
        this.pauseNanos = pauseNanos;
        this.waitNanos = waitNanos;
        this.times = new EventTimes(clock, dice, strangeTimeChance);
        later();
    }

    /** It asks for nothing more. */
    public void finish() {
        call++;
        finished = true;
    }

    /** How far it has read. */
    public long next() {
        return next;
    }

    private void later() {
        if (finished) {
            return;
        }
        int number = ++call;
        wire.timeline()
                .after(
                        dice.around(pauseNanos),
                        () -> {
                            if (number == call) {
                                ask(number);
                            }
                        });
    }

    private void ask(int number) {
        wire.timeline()
                .after(
                        2 * waitNanos + 8 * pauseNanos,
                        () -> {
                            if (number == call) {
                                later();
                            }
                        });
        if (dice.chance(0.1)) {
            PartitionInput.Position position = dice.pick(POSITIONS);
            long timestampMillis = times.next() - dice.between(0L, 1_000L);
            wire.call(
                    partition,
                    gateway ->
                            gateway.position(
                                    partition,
                                    position,
                                    timestampMillis,
                                    waitNanos,
                                    outcome -> wire.back(() -> answered(number, outcome))));
            return;
        }
        int maxBytes = dice.between(1, 4_000);
        int minBytes = dice.chance(0.3) ? dice.between(1, 1_000) : 1;
        long from = next;
        wire.call(
                partition,
                gateway ->
                        gateway.fetch(
                                partition,
                                from,
                                maxBytes,
                                minBytes,
                                waitNanos,
                                token -> cancelLater(gateway, token, number),
                                outcome -> wire.back(() -> answered(number, outcome))));
    }

    private void cancelLater(SimGateway gateway, long token, int number) {
        if (number % CANCELLED == 0) {
            wire.timeline().after(waitNanos / 4, () -> gateway.cancelFetch(token));
        }
    }

    private void answered(int number, FetchOutcome outcome) {
        if (number != call) {
            return;
        }
        if (outcome instanceof FetchOutcome.Fetched(ByteBuffer frames, var start, var hw, int epoch)
                && epoch >= seenEpoch) {
            seenEpoch = epoch;
            read(frames);
        } else if (outcome instanceof FetchOutcome.OutOfRange(long start, var hw, int epoch)
                && epoch >= seenEpoch) {
            seenEpoch = epoch;
            next = Math.max(next, start);
        }
        later();
    }

    private void read(ByteBuffer frames) {
        int position = frames.position();
        while (position < frames.limit()) {
            next = Math.max(next, BatchFrame.lastOffset(frames, position) + 1);
            position += BatchFrame.frameLength(frames, position);
        }
    }
}
