package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.ReplicaProgress.Stage;
import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the replicas to the owner's log and keeps them there: fence, reconcile, catch up, stream.
 *
 * <p>The owner's log in this epoch is what the leader held when the epoch was published, followed
 * by what the owner appended since. Its tail is in memory ({@link RetainedLog}); what is older is
 * read back from the leader's disk.
 */
final class Replication {
    private final Context context;
    private final int epoch;
    private final IsrState isr;
    private final RetainedLog log;
    private final Map<NodeId, ReplicaProgress> replicas = new LinkedHashMap<>();
    private EpochChain chain;
    private long logStart;
    private long highWatermark;

    /** Told of what changes what the owner may answer. */
    interface Listener {
        /** A replica is durable further than before, or joined. */
        void advanced(ReplicaProgress replica);
    }

    private final Listener listener;

    Replication(
            Context context,
            int epoch,
            IsrState isr,
            StorageAnswer.Fenced leader,
            long highWatermark,
            Listener listener) {
        this.context = context;
        this.epoch = epoch;
        this.isr = isr;
        this.listener = listener;
        this.log = new RetainedLog(leader.logEnd());
        this.chain = leader.chain();
        this.logStart = leader.logStart();
        this.highWatermark = highWatermark;
        for (ReplicaRef ref : isr.committed().replicas()) {
            replicas.put(ref.node(), new ReplicaProgress(ref.node(), context.now));
        }
    }

    // ---- what is known

    RetainedLog log() {
        return log;
    }

    long logStart() {
        return logStart;
    }

    long highWatermark() {
        return highWatermark;
    }

    Collection<ReplicaProgress> replicas() {
        return replicas.values();
    }

    @Nullable ReplicaProgress replica(NodeId node) {
        return replicas.get(node);
    }

    /** The replica that the committed state names leader. */
    ReplicaProgress leader() {
        NodeId node = isr.committed().leader().orElseThrow();
        ReplicaProgress leader = replicas.get(node);
        if (leader == null) {
            throw new InvariantBrokenException("leader " + node + " is no replica");
        }
        return leader;
    }

    /**
     * The least durable log end offset over the maximal ISR; -1 while one of them does not count.
     */
    long leastLogEnd() {
        long least = Long.MAX_VALUE;
        for (ReplicaRef ref : isr.maximal()) {
            ReplicaProgress replica = replicas.get(ref.node());
            least = Math.min(least, replica == null ? -1 : replica.logEndOf(ref));
        }
        return least;
    }

    /** Raises the high watermark if all conditions for it hold; true if it rose. */
    boolean advanceHighWatermark() {
        if (isr.committedSize() < context.settings.minInsyncReplicas()) {
            return false;
        }
        long least = leastLogEnd();
        if (least <= highWatermark) {
            return false;
        }
        highWatermark = least;
        return true;
    }

    /** Moves the log start, which only grows, to what the leader says. */
    void logStartSeen(long start) {
        logStart = Math.max(logStart, start);
    }

    // ---- fence and reconcile

    /** Starts over with a replica on a stream that has just opened. */
    void fence(ReplicaProgress replica) {
        long stream = context.stream(replica.node);
        if (stream == 0) {
            replica.down(context.now);
            return;
        }
        replica.enter(Stage.FENCING);
        context.send(replica.node, stream, new StorageRequest.Fence(context.id, epoch));
    }

    void fenced(ReplicaProgress replica, StorageAnswer.Fenced fenced) {
        if (replica.stage != Stage.FENCING && replica.stage != Stage.ASSIGNING) {
            return;
        }
        ReplicaRef ref = isr.committed().replica(replica.node).orElseThrow();
        replica.incarnation = fenced.incarnation();
        if (fenced.incarnation().equals(Incarnation.NONE)
                || !fenced.incarnation().equals(ref.incarnation())) {
            lost(
                    replica,
                    fenced.incarnation().equals(Incarnation.NONE),
                    "its log is %s, %s is expected"
                            .formatted(fenced.incarnation(), ref.incarnation()));
            return;
        }
        reconcile(replica, fenced);
    }

    private void reconcile(ReplicaProgress replica, StorageAnswer.Fenced fenced) {
        replica.enter(Stage.JOINING);
        long from = Math.max(fenced.logStart(), logStart);
        if (fenced.logEnd() < logStart || fenced.logStart() > log.end()) {
            // Nothing that it holds is in the leader's log any more, or yet.
            send(
                    replica,
                    new StorageRequest.Restart(context.id, epoch, replica.incarnation, logStart));
            return;
        }
        long cut = chain.agreesUpTo(from, log.end(), fenced.chain(), fenced.logEnd());
        if (cut < fenced.highWatermark()) {
            lost(
                    replica,
                    false,
                    "its log leaves the leader's at %d, below its own high watermark %d"
                            .formatted(cut, fenced.highWatermark()));
            return;
        }
        if (cut < fenced.logEnd()) {
            context.happened(new PartitionEvent.ReplicaJoined(replica.node, cut, fenced.logEnd()));
        }
        send(replica, new StorageRequest.Join(context.id, epoch, replica.incarnation, cut));
    }

    void joined(ReplicaProgress replica, StorageAnswer.Joined joined) {
        if (replica.stage != Stage.JOINING || !joined.incarnation().equals(replica.incarnation)) {
            return;
        }
        InvariantBrokenException.check(
                joined.logEnd() <= log.end(),
                "%s joined at %d, beyond the owner's end %d"
                        .formatted(replica.node, joined.logEnd(), log.end()));
        replica.joined(joined.logEnd(), context.now);
        send(replica, new StorageRequest.Configure(context.id, epoch, context.settings.replica()));
        context.happened(
                new PartitionEvent.ReplicaJoined(replica.node, joined.logEnd(), joined.logEnd()));
        pumpAfter(replica);
        listener.advanced(replica);
    }

    /** Its log does not count: {@link Membership} records a new incarnation for it. */
    void lost(ReplicaProgress replica, boolean keepLog, String reason) {
        if (replica.stage != Stage.LOST) {
            context.happened(new PartitionEvent.ReplicaLost(replica.node, reason));
        }
        replica.lost(context.now, context.settings.casRetryNanos());
        replica.incarnation = Incarnation.NONE;
        replica.keepLog = keepLog;
    }

    /** Sends the assignment of an incarnation that is recorded in the metadata store. */
    void assign(ReplicaProgress replica, Incarnation recorded) {
        if (context.stream(replica.node) == 0) {
            return;
        }
        replica.enter(Stage.ASSIGNING);
        send(
                replica,
                new StorageRequest.Assign(
                        context.id, epoch, recorded, context.settings.replica(), replica.keepLog));
    }

    /** Something was refused that may pass: start over with a fence after a pause. */
    void pause(ReplicaProgress replica) {
        replica.enter(Stage.PAUSED);
        replica.retryAt = context.now + context.settings.casRetryNanos();
    }

    // ---- append and acknowledge

    /** Appends a stamped batch to the owner's log and sends it wherever it can go at once. */
    void append(RetainedLog.Entry entry) {
        chain = chain.append(epoch, entry.baseOffset());
        log.add(entry);
        for (ReplicaProgress replica : replicas.values()) {
            pump(replica);
        }
    }

    void acknowledged(ReplicaProgress replica, StorageAnswer.Appended appended) {
        if (!replica.isJoined() || !appended.incarnation().equals(replica.incarnation)) {
            return;
        }
        if (replica.acknowledged(appended.logEnd(), log.end(), context.now)) {
            pumpAfter(replica);
            listener.advanced(replica);
        }
    }

    /** More can be sent to a replica that advanced; if it leads, others can read more from it. */
    private void pumpAfter(ReplicaProgress advanced) {
        if (advanced == leader()) {
            replicas.values().forEach(this::pump);
        } else {
            pump(advanced);
        }
    }

    /** Sends what a joined replica has not been sent, as far as its window allows. */
    void pump(ReplicaProgress replica) {
        while (replica.isJoined()
                && replica.nextOffset < log.end()
                && replica.inFlightBytes() < context.settings.maxInFlightBytes()) {
            if (replica.nextOffset < log.start()) {
                readBack(replica);
                return;
            }
            RetainedLog.Entry entry = log.at(replica.nextOffset);
            appendTo(replica, entry.frame().duplicate(), entry.endOffset());
        }
    }

    private void appendTo(ReplicaProgress replica, ByteBuffer frame, long endOffset) {
        replica.sent(endOffset, frame.remaining());
        replica.toldHighWatermark = highWatermark;
        send(replica, new StorageRequest.Append(context.id, epoch, frame, highWatermark));
    }

    /** Tells replicas that nothing was sent to lately how far the log is committed. */
    void tellHighWatermark() {
        for (ReplicaProgress replica : replicas.values()) {
            if (replica.isJoined() && replica.toldHighWatermark < highWatermark) {
                replica.toldHighWatermark = highWatermark;
                send(
                        replica,
                        new StorageRequest.AdvanceHighWatermark(context.id, epoch, highWatermark));
            }
        }
    }

    /**
     * Lets go of batches that no member of the maximal ISR can lack. A replica that is about to
     * catch up keeps what it needs next, within half of the bound, or it would run after the tail
     * for ever.
     */
    void release() {
        long upTo = leastLogEnd();
        if (log.bytes() < context.settings.maxPendingBytes() / 2) {
            for (ReplicaProgress replica : replicas.values()) {
                if (replica.isJoined()) {
                    upTo = Math.min(upTo, replica.needsFrom(log.start()));
                }
            }
        }
        log.releaseTo(upTo);
    }

    // ---- catch up from the leader's disk

    private void readBack(ReplicaProgress replica) {
        ReplicaProgress leader = leader();
        InvariantBrokenException.check(
                replica != leader,
                "the leader lacks " + replica.nextOffset + ", which is not retained");
        if (replica.readRequest != 0 || replica.nextOffset >= leader.logEnd) {
            return;
        }
        replica.readRequest = context.nextRequestId();
        replica.readUpTo = leader.logEnd;
        send(
                leader,
                new StorageRequest.Read(
                        context.id,
                        epoch,
                        replica.readRequest,
                        replica.nextOffset,
                        context.settings.maxReadBytes(),
                        leader.logEnd));
    }

    /** Forgets reads that a leader will not answer any more. */
    void leaderGone() {
        for (ReplicaProgress replica : replicas.values()) {
            replica.readRequest = 0;
        }
    }

    /** Takes the answer of a catch-up's read; false if it is not one. */
    boolean records(StorageAnswer.Records records) {
        for (ReplicaProgress replica : replicas.values()) {
            if (replica.readRequest == records.requestId()) {
                replica.readRequest = 0;
                if (replica.isJoined()) {
                    caughtUp(replica, records);
                }
                return true;
            }
        }
        return false;
    }

    private void caughtUp(ReplicaProgress replica, StorageAnswer.Records records) {
        switch (records.status()) {
            case OK -> {
                logStartSeen(records.logStart());
                forward(replica, records.frames());
            }
            case OUT_OF_RANGE -> {
                // Retention has passed it by: reconciliation finds where to start again.
                logStartSeen(records.logStart());
                pause(replica);
            }
            case CORRUPT -> lost(leader(), false, "its log does not match its checksums");
            case NOT_AVAILABLE -> {
                // Asked again with the next tick.
            }
        }
    }

    private void forward(ReplicaProgress replica, ByteBuffer frames) {
        int position = frames.position();
        while (position < frames.limit()) {
            int length = BatchFrame.frameLength(frames, position);
            long end = BatchFrame.lastOffset(frames, position) + 1;
            if (BatchFrame.baseOffset(frames, position) == replica.nextOffset) {
                appendTo(replica, frames.slice(position, length), end);
            }
            position += length;
        }
        pump(replica);
    }

    // ---- time and streams

    void tick() {
        for (ReplicaProgress replica : replicas.values()) {
            if (replica.stage == Stage.PAUSED && context.now - replica.retryAt >= 0) {
                fence(replica);
            }
            pump(replica);
        }
        tellHighWatermark();
    }

    void reconfigured() {
        for (ReplicaProgress replica : replicas.values()) {
            if (replica.isJoined()) {
                send(
                        replica,
                        new StorageRequest.Configure(
                                context.id, epoch, context.settings.replica()));
            }
        }
    }

    void send(ReplicaProgress replica, StorageRequest request) {
        context.send(replica.node, context.stream(replica.node), request);
    }

    List<PartitionStatus.Replica> status() {
        PartitionState state = isr.committed();
        return replicas.values().stream()
                .map(
                        replica ->
                                new PartitionStatus.Replica(
                                        replica.node,
                                        state.leader().filter(replica.node::equals).isPresent(),
                                        state.isr().stream()
                                                .anyMatch(r -> r.node().equals(replica.node)),
                                        replica.stage.name(),
                                        replica.logEnd,
                                        replica.logEnd < 0 ? -1 : log.end() - replica.logEnd))
                .toList();
    }
}
