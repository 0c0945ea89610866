package io.ackgate.gateway.partition;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Reads back from the leader's disk what a replica lacks and memory no longer holds: one read at a
 * time for each replica, and the next when the replica holds what the last one brought.
 */
final class CatchUp {
    private final Context context;
    private final int epoch;
    private final Replication replication;

    CatchUp(Context context, int epoch, Replication replication) {
        this.context = context;
        this.epoch = epoch;
        this.replication = replication;
    }

    /** Asks the leader for what the replica lacks next, one read at a time. */
    void readBack(ReplicaProgress replica) {
        ReplicaProgress leader = replication.leader();
        InvariantBrokenException.check(
                replica != leader,
                "the leader lacks " + replica.nextOffset + ", which is not retained");
        endTurn(replica);
        if (replica.turn != 0
                || replica.nextOffset >= leader.logEnd
                || !replica.mayRead(context.now)) {
            return;
        }
        replica.readRequest = context.nextRequestId();
        replica.turn = replica.readRequest;
        replica.turnUpTo = replica.nextOffset;
        replica.readUpTo = leader.logEnd;
        replica.readOffset = replica.nextOffset;
        int least = context.settings.maxReadBytes();
        replication.read(
                new StorageRequest.Read(
                        context.id,
                        epoch,
                        replica.readRequest,
                        replica.nextOffset,
                        replica.catchUpReads().next(replica.nextOffset, leader.logEnd, least),
                        leader.logEnd),
                replica.node,
                0);
    }

    /** After every step: says whose turn is over. */
    void settle() {
        replication.replicas().forEach(this::endTurn);
    }

    private void endTurn(ReplicaProgress replica) {
        if (replica.turnIsOver()) {
            giveBack(replica);
        }
    }

    private void giveBack(ReplicaProgress replica) {
        context.emit(new PartitionEffect.ReadBackEnded(replica.node, replica.turn));
        replica.turn = 0;
    }

    /** The owner lets go: no turn goes on. */
    void stop() {
        for (ReplicaProgress replica : replication.replicas()) {
            if (replica.turn != 0) {
                giveBack(replica);
            }
        }
    }

    /** Forgets reads that a leader will not answer any more. */
    void leaderGone() {
        for (ReplicaProgress replica : replication.replicas()) {
            replica.readRequest = 0;
            replica.mayReadAgain();
        }
    }

    /** Takes the answer of a catch-up's read; {@code others} takes one that is not. */
    void records(StorageAnswer.Records records, Consumer<StorageAnswer.Records> others) {
        for (ReplicaProgress replica : replication.replicas()) {
            if (replica.readRequest == records.requestId()) {
                replica.readRequest = 0;
                if (replica.isJoined()) {
                    caughtUp(replica, records);
                }
                return;
            }
        }
        others.accept(records);
    }

    private void caughtUp(ReplicaProgress replica, StorageAnswer.Records records) {
        boolean foreign = !ReadFrames.belong(records.frames(), context.id, replica.readOffset);
        var sought = new FailedReads.Sought(replica.readOffset, context.settings.maxReadBytes());
        switch (foreign ? StorageAnswer.ReadStatus.CORRUPT : records.status()) {
            case OK -> {
                replica.mayReadAgain();
                replication.leaderRead(sought, false);
                replication.logStartSeen(records.logStart());
                forward(replica, records.frames());
            }
            case OUT_OF_RANGE -> {
                // Retention has passed it by: reconciliation finds where to start again.
                replication.logStartSeen(records.logStart());
                replication.reconciliation().pause(replica);
            }
            case CORRUPT -> {
                readFailed(replica);
                replication.reconciliation().readCorrupt(replication.leader());
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
        replica.readFailed(context.now, context.settings.casRetryNanos());
    }

    private void forward(ReplicaProgress replica, ByteBuffer frames) {
        int position = frames.position();
        int bytes = frames.remaining();
        while (position < frames.limit()) {
            int length = BatchFrame.frameLength(frames, position);
            long end = BatchFrame.lastOffset(frames, position) + 1;
            if (BatchFrame.baseOffset(frames, position) == replica.nextOffset) {
                replication.appendTo(replica, frames.slice(position, length), end);
            }
            position += length;
        }
        replica.turnUpTo = replica.nextOffset;
        replica.catchUpReads().brought(replica.nextOffset - replica.readOffset, bytes);
        replication.pump(replica);
    }
}
