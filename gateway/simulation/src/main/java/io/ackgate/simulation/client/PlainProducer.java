package io.ackgate.simulation.client;

import io.ackgate.gateway.partition.Acks;
import io.ackgate.simulation.check.Attempt;
import io.ackgate.simulation.check.Batch;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.storage.api.PartitionId;
import java.util.List;

/** Sends each batch once, at any acks, and takes what it is told. */
public final class PlainProducer implements Producer {
    private static final List<Acks> LEVELS = List.of(Acks.NONE, Acks.LEADER, Acks.ALL);

    private final PartitionId partition;
    private final Wire wire;
    private final Dice dice;
    private final EventTimes times;
    private final Invariants invariants;
    private final Load load;
    private int sent;
    private boolean finished;

    public PlainProducer(
            PartitionId partition, Wire wire, SkewedClock clock, Invariants invariants, Load load) {
        this.partition = partition;
        this.wire = wire;
        this.dice = wire.dice();
        this.times = new EventTimes(clock, wire.dice(), load.strangeTimeChance());
        this.invariants = invariants;
        this.load = load;
        later();
    }

    private void later() {
        wire.timeline().after(dice.around(load.pauseNanos()), this::send);
    }

    private void send() {
        if (finished || sent >= load.batches()) {
            return;
        }
        sent++;
        Batch batch =
                invariants
                        .ledger()
                        .create(
                                partition,
                                dice.pick(LEVELS),
                                Batch.Sequenced.PLAIN,
                                dice.between(1, load.maxRecords()),
                                dice.between(0, load.maxPadding()),
                                times.next());
        Attempt attempt = invariants.sent(batch);
        boolean tracked = dice.chance(0.1);
        wire.call(
                partition,
                gateway -> gateway.produce(attempt, load.waitNanos(), tracked, outcome -> {}));
        later();
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public boolean isDone() {
        return finished;
    }

    @Override
    public void abandon() {
        finished = true;
    }
}
