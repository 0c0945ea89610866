package io.ackgate.gateway.partition.leading;

import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput.Produce;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.acks.AckTracker;
import io.ackgate.gateway.partition.epoch.Epoch;
import io.ackgate.gateway.partition.epoch.EpochRole;
import io.ackgate.gateway.partition.reads.Reads;
import io.ackgate.gateway.partition.replicas.ReplicaProgress;
import io.ackgate.gateway.partition.role.HeldRequests;
import io.ackgate.gateway.partition.role.Role;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.StorageAnswer;
import java.util.List;

/** The owner of an epoch that serves: each request goes to the sequencer, or to the reads. */
public final class Leading extends EpochRole {
    private final AckTracker acks;
    private final Sequencer sequencer;
    private final Reads reads;

    /** Serves once the producer table of the log is known. */
    public Leading(Epoch epoch) {
        super(epoch);
        acks = new AckTracker(context, epoch.number, epoch.isr, replication);
        sequencer =
                new Sequencer(context, epoch.number, replication, epoch.producers.table(), acks);
        reads = new Reads(context, epoch.number, replication, epoch.reconciliation, epoch.start);
    }

    /** Serves what was held until now, in its order. */
    public EpochRole begin(HeldRequests held) {
        context.happened(
                new PartitionEvent.Serving(epoch.number, context.now - epoch.takeoverStartedAt));
        for (Request request = held.poll(); request != null; request = held.poll()) {
            serve(request);
        }
        return this;
    }

    // ---- requests

    @Override
    public Role request(Request request) {
        serve(request);
        return this;
    }

    private void serve(Request request) {
        if (request instanceof Produce produce) {
            sequencer.produce(produce);
        } else {
            reads.request(request);
        }
    }

    @Override
    public void cancel(long token) {
        boolean _ = reads.cancel(token) || acks.cancel(token);
    }

    @Override
    public int waitingReads() {
        return reads.waiting();
    }

    // ---- replicas

    @Override
    protected void advanced(ReplicaProgress replica) {
        boolean rose = acks.advanced(replica);
        replication.release();
        reads.advanced(rose);
    }

    @Override
    protected void leaderGone() {
        replication.leaderGone();
        reads.leaderGone();
    }

    @Override
    protected void isrChanged() {
        acks.isrChanged();
    }

    @Override
    protected void read(StorageAnswer.Records records) {
        reads.records(records);
    }

    @Override
    protected void found(StorageAnswer.OffsetListed found) {
        reads.found(found);
    }

    /** Told once more: the table has followed each append since. */
    @Override
    protected EpochRole told(StorageAnswer.Producers producers) {
        return this;
    }

    // ---- time, end

    @Override
    protected void requestsTick() {
        acks.tick();
        reads.tick();
    }

    @Override
    protected int endRequests(String reason) {
        int pending = acks.pendingRequests();
        acks.stop(reason);
        reads.stop();
        return pending;
    }

    @Override
    public long nextDue() {
        return !epoch.isr.changing() && replication.isQuiet()
                ? Math.min(acks.nextDue(), reads.nextDue())
                : context.now;
    }

    @Override
    public long bufferedBytes() {
        return replication.log().bytes();
    }

    @Override
    public PartitionStatus status() {
        return replication.status(PartitionStatus.Phase.SERVING);
    }

    @Override
    public List<ProducerEntry> producers() {
        return sequencer.producers();
    }
}
