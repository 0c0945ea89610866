package io.ackgate.gateway.partition.acks;

import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionInput.Produce;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.acks.ProduceWaiters.Waiter;
import io.ackgate.gateway.partition.isr.IsrState;
import io.ackgate.gateway.partition.replicas.ReplicaProgress;
import io.ackgate.gateway.partition.replicas.Replication;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.NodeId;
import java.util.ArrayList;
import java.util.List;

/**
 * When a produce request is acknowledged: raises the high watermark as replicas advance, and ends
 * the waits that acks=1 and acks=all ask for.
 */
public final class AckTracker {
    private final Context context;
    private final int epoch;
    private final IsrState isr;
    private final Replication replication;
    private final ProduceWaiters waiters;

    public AckTracker(Context context, int epoch, IsrState isr, Replication replication) {
        this.context = context;
        this.epoch = epoch;
        this.isr = isr;
        this.replication = replication;
        this.waiters = new ProduceWaiters(context);
    }

    /** A request whose batch is in the log waits until its acks is fulfilled. */
    public void await(Produce produce, long baseOffset, long endOffset, boolean duplicate) {
        waiters.add(
                new Waiter(
                        produce.token(),
                        produce.acks(),
                        produce.deadlineNanos(),
                        baseOffset,
                        endOffset,
                        duplicate),
                produce.tracked());
    }

    /** A replica is durable further than before; true if the high watermark rose by that. */
    public boolean advanced(ReplicaProgress replica) {
        boolean rose = replication.advanceHighWatermark();
        waiters.persisted(replica.node(), replica == replication.leader(), replica.logEnd());
        answer();
        return rose;
    }

    /** Ends the waits that are fulfilled by now. */
    public void answer() {
        waiters.committed(replication.highWatermark(), this::written);
        if (!isr.leaderChanging()) {
            waiters.persistedByLeader(replication.leader().logEnd(), this::written);
        }
    }

    private ProduceOutcome written(Waiter waiter) {
        List<NodeId> holders = new ArrayList<>(3);
        for (ReplicaProgress replica : replication.replicas()) {
            if (replica.logEnd() >= waiter.endOffset()) {
                holders.add(replica.node());
            }
        }
        return new ProduceOutcome.Written(
                waiter.baseOffset(), epoch, holders, isr.committedSize(), waiter.duplicate());
    }

    /** Whether the ISR has the members that acks=all asks for. */
    public boolean enoughReplicas() {
        return isr.committedSize() >= context.settings.minInsyncReplicas();
    }

    /** Ends the waits that a shrunk ISR, or a raised minimum, cannot fulfil. */
    public void isrChanged() {
        if (!enoughReplicas()) {
            waiters.notEnoughReplicas(
                    notEnough() + " since the append; a retry with the same sequence is safe");
        }
    }

    /** How many replicas are in sync, and how many should be, as a part of a sentence. */
    public String notEnough() {
        return "%s has %d in-sync replicas %s, min.insync.replicas is %d"
                .formatted(
                        context.id,
                        isr.committedSize(),
                        isr.committed().isr().stream().map(ReplicaRef::node).toList(),
                        context.settings.minInsyncReplicas());
    }

    /** Ends the waits whose time is up. */
    public void tick() {
        waiters.expire(
                "the acknowledgements that acks asks for did not arrive in time; the batch stays in the log of %s, a retry with the same sequence is safe"
                        .formatted(context.id));
    }

    /** The caller has gone; what is in the log stays there. */
    public boolean cancel(long token) {
        return waiters.cancel(token);
    }

    /** When a wait for acknowledgement ends; {@link Long#MAX_VALUE} when there is none. */
    public long nextDue() {
        return waiters.nextDeadline();
    }

    public int pendingRequests() {
        return waiters.size();
    }

    /** The owner resigns: every wait ends. */
    public void stop(String reason) {
        waiters.stop(reason);
    }
}
