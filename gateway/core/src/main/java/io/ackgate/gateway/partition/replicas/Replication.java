package io.ackgate.gateway.partition.replicas;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.PartitionStatus.Stage;
import io.ackgate.gateway.partition.isr.IsrState;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.LogOutline;
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
 * Keeps the replicas at the owner's log: what they are sent, what they have, how far it is
 * committed.
 *
 * <p>The owner's log in this epoch is what the leader held when the epoch was published, followed
 * by what the owner appended since. Its tail is in memory ({@link RetainedLog}); what is older is
 * read back from the leader's disk.
 */
public final class Replication {
    private final Context context;
    private final int epoch;
    private final IsrState isr;
    private final RetainedLog log;
    private final Map<NodeId, ReplicaProgress> replicas = new LinkedHashMap<>();

    /** Where the leader's log ended when the epoch began. */
    private final long epochStart;

    private EpochChain chain;
    private long logStart;
    private long highWatermark;
    private long committedBytes;

    private final ReadBack readBack;

    public Replication(
            Context context,
            int epoch,
            IsrState isr,
            StorageAnswer.Fenced leader,
            long highWatermark) {
        this.context = context;
        this.epoch = epoch;
        this.isr = isr;
        this.epochStart = leader.logEnd();
        this.log = new RetainedLog(epochStart);
        this.chain = leader.chain();
        this.logStart = leader.logStart();
        this.highWatermark = highWatermark;
        for (ReplicaRef ref : isr.committed().replicas()) {
            replicas.put(ref.node(), new ReplicaProgress(ref.node(), context.watched));
        }
        readBack = new ReadBack(context, epoch);
    }

    // ---- what is known

    public RetainedLog log() {
        return log;
    }

    /** The owner's log, with what it has written in this epoch. */
    public LogOutline outline() {
        return new LogOutline(logStart, log.end(), chain);
    }

    public long logStart() {
        return logStart;
    }

    /** How far the log is committed for sure: while it is not known, it may be further. */
    public long highWatermark() {
        return highWatermark;
    }

    /**
     * Whether the high watermark is known: it has reached the end that the leader's log had at the
     * start of the epoch, below which an earlier owner may have committed more (protocol, step 7).
     */
    public boolean highWatermarkKnown() {
        return highWatermark >= epochStart;
    }

    public Collection<ReplicaProgress> replicas() {
        return replicas.values();
    }

    public @Nullable ReplicaProgress replica(NodeId node) {
        return replicas.get(node);
    }

    /** The replica that the committed state names leader. */
    public ReplicaProgress leader() {
        NodeId node = isr.committed().leader().orElseThrow();
        ReplicaProgress leader = replicas.get(node);
        if (leader == null) {
            throw new InvariantBrokenException("leader " + node + " is no replica");
        }
        return leader;
    }

    /** Another replica leads than in the state before. */
    public void leaderChanged(PartitionState before) {
        ReplicaProgress old = before.leader().map(replicas::get).orElse(null);
        if (old != null) {
            old.log().ceasedToLead(log.end());
        }
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
    public boolean advanceHighWatermark() {
        if (isr.committedSize() < context.settings.minInsyncReplicas()) {
            return false;
        }
        long least = leastLogEnd();
        if (least <= highWatermark) {
            return false;
        }
        highWatermark = least;
        committedBytes = Math.max(committedBytes, log.bytesBefore(least));
        return true;
    }

    /** Bytes of the batches that this epoch has appended and committed. */
    public long committedBytes() {
        return committedBytes;
    }

    /** Moves the log start, which only grows, to what the leader says. */
    public void logStartSeen(long start) {
        logStart = Math.max(logStart, start);
    }

    // ---- append and acknowledge

    /** Appends a stamped batch to the owner's log and sends it wherever it can go at once. */
    public void append(RetainedLog.Entry entry) {
        chain = chain.append(epoch, entry.baseOffset());
        log.add(entry);
        for (ReplicaProgress replica : replicas.values()) {
            pump(replica);
        }
    }

    /** Takes in what a replica says that it holds; true if that is more than before. */
    public boolean acknowledged(ReplicaProgress replica, StorageAnswer.Appended appended) {
        if (!replica.isReconciled()
                || !appended.incarnation().equals(replica.log().incarnation())
                || !replica.acknowledged(appended.logEnd(), log.end(), context.watched)) {
            return false;
        }
        pumpAfter(replica);
        return true;
    }

    /** More can be sent to a replica that advanced; if it leads, others can read more from it. */
    void pumpAfter(ReplicaProgress advanced) {
        if (advanced == leader()) {
            replicas.values().forEach(this::pump);
        } else {
            pump(advanced);
        }
    }

    /** Sends what a reconciled replica has not been sent, as far as its window allows. */
    public void pump(ReplicaProgress replica) {
        while (replica.isReconciled()
                && replica.nextOffset() < log.end()
                && replica.inFlightBytes() < context.settings.maxInFlightBytes()
                && context.budget.hasRoom(replica.node())) {
            if (replica.nextOffset() < log.start()) {
                readBack.ask(replica, leader());
                return;
            }
            replica.catchUp().sizes().reset();
            RetainedLog.Entry entry = log.at(replica.nextOffset());
            appendTo(replica, entry.frame().duplicate(), entry.endOffset());
        }
    }

    void appendTo(ReplicaProgress replica, ByteBuffer frame, long endOffset) {
        replica.sent(endOffset, frame.remaining(), highWatermark);
        send(replica, new StorageRequest.Append(context.id, epoch, frame, highWatermark));
    }

    /** Tells replicas that nothing was sent to lately how far the log is committed. */
    public void tellHighWatermark() {
        for (ReplicaProgress replica : replicas.values()) {
            if (replica.isReconciled() && !replica.knows(highWatermark)) {
                replica.told(highWatermark);
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
    public void release() {
        long upTo = leastLogEnd();
        if (log.bytes() < context.settings.maxPendingBytes() / 2) {
            int readBytes = context.settings.maxReadBytes();
            for (ReplicaProgress replica : replicas.values()) {
                if (replica.isReconciled()) {
                    upTo = Math.min(upTo, replica.needsFrom(log, readBytes));
                }
            }
        }
        log.releaseTo(upTo);
    }

    // ---- time and streams

    /**
     * Whether time changes nothing: every replica has all of the log and knows how far it is
     * committed, or is no member of the ISR and away.
     */
    public boolean isQuiet() {
        for (ReplicaRef ref : isr.committed().replicas()) {
            ReplicaProgress replica = replicas.get(ref.node());
            boolean counts = ref.inSync() || (replica != null && replica.stage() != Stage.DOWN);
            if (counts && (replica == null || !hasAll(replica))) {
                return false;
            }
        }
        return true;
    }

    private boolean hasAll(ReplicaProgress replica) {
        return replica.isReconciled()
                && replica.logEnd() == log.end()
                && replica.knows(highWatermark);
    }

    /** After every step: says which reads from the leader's disk are over. */
    public void settle() {
        readBack.settle(replicas.values());
    }

    /** Forgets what the leader was asked for: it will not answer on this stream. */
    public void leaderGone() {
        readBack.leaderGone(replicas.values());
    }

    /** The owner resigns. */
    public void stop() {
        readBack.stop(replicas.values());
    }

    public void reconfigured() {
        for (ReplicaProgress replica : replicas.values()) {
            if (replica.isReconciled()) {
                send(
                        replica,
                        new StorageRequest.Configure(
                                context.id, epoch, context.settings.replica()));
            }
        }
    }

    /** The leader has answered a read: with what its disk holds, or that the disk gave nothing. */
    public void leaderRead(FailedReads.Sought sought, boolean failed) {
        FailedReads ofLeader = leader().failedReads();
        if (failed) {
            ofLeader.failed(sought, context.watched, context.settings.lagMaxNanos());
        } else {
            ofLeader.succeeded(sought);
        }
    }

    /**
     * Asks the leader for records, for a replica that lacks them or for a consumer.
     *
     * @param token of the consumer's request, or 0
     */
    public void read(StorageRequest.Read request, @Nullable NodeId replica, long token) {
        NodeId node = leader().node();
        context.read(node, request, replica, token);
    }

    public void send(ReplicaProgress replica, StorageRequest request) {
        context.send(replica.node(), context.stream(replica.node()), request);
    }

    public PartitionStatus status(PartitionStatus.Phase phase) {
        return new PartitionStatus(
                phase,
                isr.committed(),
                highWatermark(),
                highWatermarkKnown() ? highWatermark() : -1,
                highWatermarkKnown() ? log.end() : -1,
                log.bytes(),
                replicaStatuses(isr.committed()),
                List.of());
    }

    private List<PartitionStatus.Replica> replicaStatuses(PartitionState state) {
        return replicas.values().stream()
                .map(
                        replica ->
                                new PartitionStatus.Replica(
                                        replica.node(),
                                        state.leader().filter(replica.node()::equals).isPresent(),
                                        state.isr().stream()
                                                .anyMatch(r -> r.node().equals(replica.node())),
                                        replica.stage(),
                                        replica.logEnd(),
                                        replica.logEnd() < 0 ? -1 : log.end() - replica.logEnd()))
                .toList();
    }
}
