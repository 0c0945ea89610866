package io.ackgate.gateway.partition.replicas;

import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.StorageRequest;
import java.util.Collection;

/**
 * Asks the leader for what a replica lacks and memory no longer holds: one read at a time for each
 * replica, and the next when the replica holds what the last one brought. {@link CatchUp} takes the
 * answers.
 */
final class ReadBack {
    private final Context context;
    private final int epoch;

    ReadBack(Context context, int epoch) {
        this.context = context;
        this.epoch = epoch;
    }

    /** Asks the leader for what the replica lacks next, one read at a time. */
    public void ask(ReplicaProgress replica, ReplicaProgress leader) {
        if (replica == leader) {
            throw new InvariantBrokenException(
                    "the leader lacks " + replica.nextOffset() + ", which is not retained");
        }
        endTurn(replica);
        if (replica.catchUp().turn() != 0
                || replica.nextOffset() >= leader.logEnd()
                || !replica.catchUp().mayRead(context.now)) {
            return;
        }
        int least = context.settings.maxReadBytes();
        int maxBytes = replica.catchUp().sizes().next(replica.nextOffset(), leader.logEnd(), least);
        long requestId = context.nextRequestId();
        replica.catchUp().begin(requestId, replica.nextOffset(), leader.logEnd());
        context.read(
                leader.node(),
                new StorageRequest.Read(
                        context.id,
                        epoch,
                        requestId,
                        replica.nextOffset(),
                        maxBytes,
                        leader.logEnd()),
                replica.node(),
                0);
    }

    /** After every step: says whose turn is over. */
    public void settle(Collection<ReplicaProgress> replicas) {
        replicas.forEach(this::endTurn);
    }

    private void endTurn(ReplicaProgress replica) {
        if (replica.turnIsOver()) {
            giveBack(replica);
        }
    }

    private void giveBack(ReplicaProgress replica) {
        context.emit(new PartitionEffect.ReadBackEnded(replica.node(), replica.catchUp().turn()));
        replica.catchUp().turnEnded();
    }

    /** The owner resigns: no turn goes on. */
    public void stop(Collection<ReplicaProgress> replicas) {
        for (ReplicaProgress replica : replicas) {
            if (replica.catchUp().turn() != 0) {
                giveBack(replica);
            }
        }
    }

    /** Forgets reads that a leader will not answer any more. */
    public void leaderGone(Collection<ReplicaProgress> replicas) {
        for (ReplicaProgress replica : replicas) {
            replica.catchUp().ended();
            replica.catchUp().mayReadAgain();
        }
    }
}
