package io.ackgate.simulation.node;

import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.ReplicaView;
import io.ackgate.simulation.check.Violation;
import io.ackgate.simulation.time.Dice;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;
import java.util.Set;

/**
 * Now and then, at the moment a replica acknowledges, starts another engine on a copy of what is on
 * the platter: what is not there would be gone if the power went now.
 */
public final class PowerLossProbe {
    private final Dice dice;
    private final double chance;
    private final Set<PartitionId> fsynced;

    /**
     * A probe.
     *
     * @param chance how probably an acknowledgement is probed
     * @param fsynced the partitions whose replicas acknowledge after fdatasync
     */
    public PowerLossProbe(Dice dice, double chance, Set<PartitionId> fsynced) {
        this.dice = dice;
        this.chance = chance;
        this.fsynced = fsynced;
    }

    void answered(SimNode node, StorageAnswer answer) {
        switch (answer) {
            case StorageAnswer.Appended(var partition, var epoch, var incarnation, long logEnd) ->
                    probe(node, partition, incarnation, logEnd, answer);
            case StorageAnswer.Fenced fenced ->
                    probe(node, fenced.partition(), fenced.incarnation(), fenced.logEnd(), answer);
            default -> {
                // Promises nothing about the disk.
            }
        }
    }

    private void probe(
            SimNode node,
            PartitionId partition,
            Incarnation incarnation,
            long logEnd,
            StorageAnswer answer) {
        if (!fsynced.contains(partition)
                || incarnation.equals(Incarnation.NONE)
                || node.isDecayed(partition)
                || !dice.chance(chance)) {
            return;
        }
        SimDisk platter = node.disk().platterOnly();
        ReplicaView view;
        OpenEngine open;
        try {
            open = OpenEngine.open(node.id(), platter, node.boot() + 1, node.nowMillis());
            view = open.view(partition);
        } catch (IOException e) {
            throw new Violation(
                    Invariant.ACKNOWLEDGED_SURVIVES_POWER_LOSS,
                    node.id() + " would not start after a loss of power: " + e.getMessage(),
                    e);
        }
        if (view != null
                && view.epoch() >= answer.epoch()
                && view.incarnation().value() > incarnation.value()) {
            // The replica has been given another log since, by the same owner perhaps and synced
            // together with what is answered: the answer was on its way out.
            return;
        }
        if (view == null
                || !view.incarnation().equals(incarnation)
                || view.logEnd() < logEnd
                || view.epoch() < answer.epoch()) {
            throw new Violation(
                    Invariant.ACKNOWLEDGED_SURVIVES_POWER_LOSS,
                    "%s answers %s; if it lost power now it would have %s %s"
                            .formatted(
                                    node.id(),
                                    StoryText.body(answer),
                                    view,
                                    open.engine().notes()));
        }
    }
}
