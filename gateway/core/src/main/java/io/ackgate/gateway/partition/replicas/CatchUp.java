package io.ackgate.gateway.partition.replicas;

import io.ackgate.gateway.partition.role.Context;
import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.StorageAnswer;
import java.nio.ByteBuffer;

/** Takes what the leader's disk gave for a replica that is far behind, and sends it on. */
public final class CatchUp {
    private final Context context;
    private final Replication replication;
    private final Reconciliation reconciliation;

    public CatchUp(Context context, Replication replication, Reconciliation reconciliation) {
        this.context = context;
        this.replication = replication;
        this.reconciliation = reconciliation;
    }

    /** Takes the answer to a read for a replica; false if it is the answer to another one. */
    public boolean records(StorageAnswer.Records records) {
        for (ReplicaProgress replica : replication.replicas()) {
            if (replica.catchUp().awaits(records.requestId())) {
                replica.catchUp().ended();
                if (replica.isReconciled()) {
                    caughtUp(replica, records);
                }
                return true;
            }
        }
        return false;
    }

    private void caughtUp(ReplicaProgress replica, StorageAnswer.Records records) {
        boolean foreign =
                !ReadFrames.belong(records.frames(), context.id, replica.catchUp().offset());
        var sought =
                new FailedReads.Sought(replica.catchUp().offset(), context.settings.maxReadBytes());
        switch (foreign ? StorageAnswer.ReadStatus.CORRUPT : records.status()) {
            case OK -> {
                replica.catchUp().mayReadAgain();
                replication.leaderRead(sought, false);
                replication.logStartSeen(records.logStart());
                forward(replica, records.frames());
            }
            case OUT_OF_RANGE -> {
                // Retention has passed it by: reconciliation finds where to start again.
                replication.logStartSeen(records.logStart());
                reconciliation.pause(replica);
            }
            case CORRUPT -> {
                readFailed(replica);
                reconciliation.readCorrupt(replication.leader());
            }
            case IO_ERROR -> {
                readFailed(replica);
                replication.leaderRead(sought, true);
            }
            // It is asked again with the next tick.
            case NOT_AVAILABLE -> {}
        }
    }

    /** Each such read costs the leader's node as much as one that brings something. */
    private void readFailed(ReplicaProgress replica) {
        replica.catchUp().failed(context.now, context.settings.casRetryNanos());
    }

    private void forward(ReplicaProgress replica, ByteBuffer frames) {
        int position = frames.position();
        int bytes = frames.remaining();
        while (position < frames.limit()) {
            int length = BatchFrame.frameLength(frames, position);
            long end = BatchFrame.lastOffset(frames, position) + 1;
            if (BatchFrame.baseOffset(frames, position) == replica.nextOffset()) {
                replication.appendTo(replica, frames.slice(position, length), end);
            }
            position += length;
        }
        replica.catchUp().brought(replica.nextOffset(), bytes);
        replication.pump(replica);
    }
}
