package io.ackgate.gateway.partition.recovering;

import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.epoch.Epoch;
import io.ackgate.gateway.partition.epoch.EpochRole;
import io.ackgate.gateway.partition.epoch.Promise;
import io.ackgate.gateway.partition.leading.Leading;
import io.ackgate.gateway.partition.replicas.ReplicaProgress;
import io.ackgate.gateway.partition.role.HeldRequests;
import io.ackgate.gateway.partition.role.Role;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.Map;

/**
 * The owner of a published epoch that does not serve yet: the leader replica reconciles, and its
 * producer table is read. Requests are held until then; all else of an epoch goes on.
 */
public final class Recovering extends EpochRole {
    private final HeldRequests held;

    /** The request for the producer table that is under way on the leader's stream; 0 if none. */
    private long producersRequest;

    public Recovering(Epoch epoch, HeldRequests held) {
        super(epoch);
        this.held = held;
    }

    /** Begins with what was promised; who is on another stream by now is fenced again. */
    public Role reconcile(Map<NodeId, Promise> promises) {
        for (ReplicaProgress replica : replication.replicas()) {
            Promise promise = promises.get(replica.node());
            // A promise is forgotten together with the stream that it came on.
            if (promise != null) {
                replica.toFenced();
                epoch.reconciliation.fenced(replica, promise.fenced());
            } else {
                epoch.reconciliation.fence(replica);
            }
        }
        return settle();
    }

    @Override
    protected void advanced(ReplicaProgress replica) {
        if (producersRequest == 0 && replica.isReconciled() && replica == replication.leader()) {
            producersRequest = context.nextRequestId();
            replication.send(
                    replica,
                    new StorageRequest.ReadProducers(context.id, epoch.number, producersRequest));
        }
        boolean _ = replication.advanceHighWatermark();
        replication.release();
    }

    @Override
    protected void leaderGone() {
        producersRequest = 0;
        replication.leaderGone();
    }

    @Override
    protected EpochRole told(StorageAnswer.Producers producers) {
        if (producers.requestId() != producersRequest) {
            return this;
        }
        InvariantBrokenException.check(
                producers.logEnd() == replication.log().end(),
                () ->
                        "the producer table is of %d, the log ends at %d"
                                .formatted(producers.logEnd(), replication.log().end()));
        epoch.producers.restore(producers.known());
        return new Leading(epoch).begin(held);
    }

    @Override
    protected void isrChanged() {}

    @Override
    protected void read(StorageAnswer.Records records) {}

    @Override
    protected void found(StorageAnswer.OffsetListed found) {}

    // ---- requests

    @Override
    public Role request(Request request) {
        held.hold(request);
        return this;
    }

    @Override
    public void cancel(long token) {
        held.cancel(token);
    }

    @Override
    public int waitingReads() {
        return held.reads();
    }

    @Override
    protected void requestsTick() {
        held.expire();
    }

    @Override
    protected int endRequests(String reason) {
        held.refuseAll();
        return 0;
    }

    @Override
    public long nextDue() {
        return context.now;
    }

    @Override
    public long bufferedBytes() {
        return held.bytes() + replication.log().bytes();
    }

    @Override
    public PartitionStatus status() {
        return replication.status(PartitionStatus.Phase.RECOVERING);
    }
}
