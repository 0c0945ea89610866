package io.ackgate.gateway.partition.epoch;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.isr.IsrState;
import io.ackgate.gateway.partition.replicas.CatchUp;
import io.ackgate.gateway.partition.replicas.LogProducers;
import io.ackgate.gateway.partition.replicas.Reconciliation;
import io.ackgate.gateway.partition.replicas.Replication;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.StorageAnswer;

/**
 * The parts of a published epoch that its owner keeps from the publication to the end, first as
 * {@code Recovering} and then as {@code Leading}. Calls go one way: from the ISR's changes and from
 * catch-up to reconciliation, and from there to replication.
 */
public final class Epoch {
    public final Context context;
    public final int number;

    /** Where the leader's log ended when the epoch was published. */
    public final long start;

    /** The log that was the owner's then. */
    final ReplicaRef begunWith;

    /** When the takeover began; by {@link Context#now}. */
    public final long takeoverStartedAt;

    public final IsrState isr;
    public final LogProducers producers = new LogProducers();
    public final Replication replication;
    public final Reconciliation reconciliation;
    public final CatchUp catchUp;
    public final IsrChanges changes;

    /**
     * Begins with a state that is stored.
     *
     * @param leader what the replica that it names leader has promised
     * @param highWatermark a lower bound of what is committed
     */
    public Epoch(
            Context context,
            PartitionState published,
            long version,
            StorageAnswer.Fenced leader,
            long highWatermark,
            long takeoverStartedAt) {
        this.context = context;
        this.number = published.leaderEpoch();
        this.start = leader.logEnd();
        this.begunWith = published.leader().flatMap(published::replica).orElseThrow();
        this.takeoverStartedAt = takeoverStartedAt;
        isr = new IsrState(context, published, version);
        replication = new Replication(context, number, isr, leader, highWatermark);
        reconciliation = new Reconciliation(context, number, isr, replication, producers);
        catchUp = new CatchUp(context, replication, reconciliation);
        changes = new IsrChanges(context, isr, replication, reconciliation, start);
    }
}
