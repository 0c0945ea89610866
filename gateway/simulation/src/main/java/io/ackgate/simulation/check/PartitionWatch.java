package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.simulation.Story;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything that is known of one partition, from all sides at once. */
final class PartitionWatch {
    private final PartitionId id;
    private final Map<GatewaySession, Integer> minInsyncReplicas = new HashMap<>();
    private int leastMinInsyncReplicas;
    private final boolean retained;
    private final Truth truth;
    private final ForgottenProducers silences;
    private final Placements placements;
    private final Map<NodeId, ReplicaModel> mirrors = new TreeMap<>();
    private final Map<NodeId, Promises> promises = new TreeMap<>();
    private final States states;
    private final Assumption premise;
    private final Proposals proposals = new Proposals();
    private final Owners owners;
    private final HighWatermarks highWatermarks = new HighWatermarks();
    private long greatestStart;
    private boolean anyDecayed;

    PartitionWatch(
            PartitionId id,
            int minInsyncReplicas,
            boolean retained,
            long expirationMillis,
            PartitionState created,
            Ledger ledger,
            Story story) {
        this.id = id;
        this.leastMinInsyncReplicas = minInsyncReplicas;
        this.retained = retained;
        this.truth = new Truth(new Sequences(expirationMillis));
        this.silences = new ForgottenProducers(truth.sequences());
        this.premise = new Assumption(id, story);
        this.states = new States(created);
        this.placements = new Placements(ledger);
        this.owners = new Owners(this);
        for (ReplicaRef ref : created.replicas()) {
            mirrors.put(ref.node(), new ReplicaModel());
            promises.put(ref.node(), new Promises());
        }
    }

    ForgottenProducers silences() {
        return silences;
    }

    Truth truth() {
        return truth;
    }

    Placements placements() {
        return placements;
    }

    States states() {
        return states;
    }

    Assumption premise() {
        return premise;
    }

    Proposals proposals() {
        return proposals;
    }

    Owners owners() {
        return owners;
    }

    HighWatermarks highWatermarks() {
        return highWatermarks;
    }

    /** min.insync.replicas as a gateway has heard of it. */
    int minInsyncReplicas(GatewaySession gateway) {
        return minInsyncReplicas.getOrDefault(gateway, leastMinInsyncReplicas);
    }

    /** The least that min.insync.replicas ever was. */
    int leastMinInsyncReplicas() {
        return leastMinInsyncReplicas;
    }

    void reconfigured(GatewaySession gateway, int minInsync) {
        minInsyncReplicas.put(gateway, minInsync);
        leastMinInsyncReplicas = Math.min(leastMinInsyncReplicas, minInsync);
    }

    Map<NodeId, ReplicaModel> mirrors() {
        return mirrors;
    }

    ReplicaModel mirror(NodeId node) {
        ReplicaModel mirror = mirrors.get(node);
        if (mirror == null) {
            throw new IllegalArgumentException(node + " is no replica of " + id);
        }
        return mirror;
    }

    Promises promises(NodeId node) {
        Promises found = promises.get(node);
        if (found == null) {
            throw new IllegalArgumentException(node + " is no replica of " + id);
        }
        return found;
    }

    /** Whether a replica has ever said that it holds a batch, or all that retention left of it. */
    boolean wasAcknowledged(Placement placement, NodeId node) {
        return placement.wasAcknowledgedBy(node) || promises(node).beganBehind(placement);
    }

    /** Whether nothing is promised any more: every member of some ISR has lost its disk. */
    boolean isVoid() {
        return premise.isLost();
    }

    /**
     * What is on a node's disk has changed by itself; it may be found out at any time, or never.
     */
    void decayed(NodeId node) {
        mirror(node).setDecayed(true);
        premise.harmAlways(node, Harmed.DECAYED);
        anyDecayed = true;
    }

    /** The same of one log only: the next one that the node has is sound. */
    void rotten(NodeId node) {
        mirror(node).setRotten();
        anyDecayed = true;
    }

    /** Nothing can be read from a node's disk for a while. */
    void readsFail(NodeId node) {
        ReplicaModel mirror = mirrors.get(node);
        if (mirror != null) {
            mirror.readsFail();
        }
    }

    /** A node has a new disk. */
    void wiped(NodeId node) {
        promises(node).forget();
        mirror(node).wiped();
        premise.sound(node);
    }

    /** Whether a replica's answers could not be followed, once at least. */
    boolean anyDecayed() {
        return anyDecayed;
    }

    // ---- replicas

    /** A node's step may have changed its replica; null when it has none. */
    void replicaStepped(NodeId node, @Nullable ReplicaView view, FrameSource frames) {
        ReplicaModel mirror = mirror(node);
        mayHaveGivenUp(node, mirror, view == null ? Incarnation.NONE : view.incarnation());
        if (view == null) {
            mirror.setIncarnation(Incarnation.NONE);
            mirror.restart(0);
            return;
        }
        mirror.setIncarnation(view.incarnation(), view.logStart() == view.logEnd());
        if (mirror.isRotten()) {
            // A rotten log that is kept under another name has lost what it had lost before.
            premise.harm(node, view.incarnation(), Harmed.DECAYED, states.stored());
        }
        mirror.setProducers(view.producers());
        mayHaveDeleted(node, mirror, view.logStart());
        if (view.logStart() < mirror.start() || view.logStart() > mirror.end()) {
            mirror.restart(view.logStart());
        } else if (view.logStart() > mirror.start()) {
            mirror.moveStart(view.logStart());
        }
        if (view.logEnd() < mirror.end()) {
            mirror.truncate(view.logEnd());
        }
        if (view.logEnd() > mirror.end()) {
            read(node, mirror, frames.framesFrom(mirror.end()));
        }
        if (mirror.isDecayed()) {
            mirror.believe(view.logEnd());
            return;
        }
        unless(
                mirror.end() == view.logEnd(),
                Invariant.OFFSETS_ARE_UNIQUE_AND_DENSE,
                () ->
                        "%s says that its log ends at %d, it holds batches up to %d"
                                .formatted(node, view.logEnd(), mirror.end()));
        mirror.agree(truth);
        requireSameBytes(node, mirror, view);
        requireIsr();
    }

    /** Retention deletes what is committed, where the topic asks for it. */
    private void mayHaveDeleted(NodeId node, ReplicaModel mirror, long logStart) {
        unless(
                mirror.isDecayed() || logStart <= (retained ? truth.end() : 0),
                Invariant.RETENTION_STAYS_BELOW_HIGH_WATERMARK,
                () ->
                        "the log of %s begins at %d, %d is committed; the topic is %s"
                                .formatted(
                                        node,
                                        logStart,
                                        truth.end(),
                                        retained ? "retained by size or age" : "kept for ever"));
        greatestStart = Math.max(greatestStart, logStart);
    }

    /** An owner that names a log start must have it from a replica. */
    void requireStart(String who, long logStart) {
        unless(
                logStart <= greatestStart,
                Invariant.RETENTION_STAYS_BELOW_HIGH_WATERMARK,
                () ->
                        "%s names log start %d, no log ever began above %d"
                                .formatted(who, logStart, greatestStart));
    }

    long greatestStart() {
        return greatestStart;
    }

    /** A log that does not count any more is lost to its ISR; there must have been a reason. */
    private void mayHaveGivenUp(NodeId node, ReplicaModel mirror, Incarnation now) {
        Incarnation before = mirror.incarnation();
        if (before.equals(Incarnation.NONE) || !now.equals(Incarnation.NONE)) {
            return;
        }
        unless(
                mirror.isDecayed() || !promises(node).mustKeep(before),
                Invariant.LOG_IS_GIVEN_UP_FOR_A_REASON,
                () -> node + " gives its log " + before + " up, and nothing has happened to it");
        premise.harm(node, before, Harmed.GIVEN_UP, states.stored());
    }

    /** Something has happened that may cost a node the log it has. */
    void excuse(NodeId node) {
        promises(node).excuse(mirror(node).incarnation());
    }

    /** A node has started again: what it holds now is what counts. */
    void replicaRestarted(NodeId node, @Nullable ReplicaView view, FrameSource frames) {
        ReplicaModel mirror = mirror(node);
        long promised = mirror.promisedEnd();
        boolean same = view != null && view.incarnation().equals(mirror.promising());
        mirror.restart(view == null ? 0 : view.logStart());
        replicaStepped(node, view, frames);
        unless(
                !same || mirror.isDecayed() || mirror.end() >= promised,
                Invariant.PROMISE_OF_A_FENCE,
                () ->
                        "%s came back with a log that ends at %d and had promised %d"
                                .formatted(node, mirror.end(), promised));
    }

    private void read(NodeId node, ReplicaModel mirror, ByteBuffer frames) {
        int position = frames.position();
        while (position < frames.limit()) {
            Placement placement = placements.known(node, frames, position);
            if (mirror.isDecayed() && placement.baseOffset() != mirror.end()) {
                return;
            }
            unless(
                    placement.baseOffset() == mirror.end(),
                    Invariant.OFFSETS_ARE_UNIQUE_AND_DENSE,
                    () -> "%s holds %s after %d".formatted(node, placement, mirror.end()));
            mirror.append(placement);
            position += BatchFrame.frameLength(frames, position);
        }
    }

    private void requireSameBytes(NodeId node, ReplicaModel mirror, ReplicaView view) {
        unless(
                view.highWatermark() <= truth.end(),
                Invariant.NOTHING_GOES_BACK,
                () ->
                        "%s was told high watermark %d, %d is committed"
                                .formatted(node, view.highWatermark(), truth.end()));
        unless(
                mirror.agreedEnd() >= Math.min(view.highWatermark(), mirror.end()),
                Invariant.SAME_BYTES_BELOW_HIGH_WATERMARK,
                () ->
                        "%s agrees with what is committed up to %d, its high watermark is %d: it holds %s where %s is committed"
                                .formatted(
                                        node,
                                        mirror.agreedEnd(),
                                        view.highWatermark(),
                                        mirror.at(mirror.agreedEnd()),
                                        truth.at(mirror.agreedEnd())));
    }

    // ---- what must hold between metadata, replicas and truth

    /**
     * Every member of the stored ISR that is still the log it is listed as holds all that is
     * committed.
     */
    void requireIsr() {
        if (isVoid()) {
            return;
        }
        for (ReplicaRef ref : states.stored().isr()) {
            ReplicaModel mirror = mirror(ref.node());
            if (!mirror.incarnation().equals(ref.incarnation()) || mirror.isDecayed()) {
                continue;
            }
            mirror.agree(truth);
            unless(
                    mirror.agreedEnd() >= truth.end(),
                    Invariant.EVERY_ISR_MEMBER_HOLDS_WHAT_IS_COMMITTED,
                    () ->
                            "%s is in the ISR and lacks %s: its log [%d, %d) agrees up to %d, %d is committed; stored: %s"
                                    .formatted(
                                            ref,
                                            truth.at(mirror.agreedEnd()),
                                            mirror.start(),
                                            mirror.end(),
                                            mirror.agreedEnd(),
                                            truth.end(),
                                            states.stored()));
        }
    }

    void stateChanged(PartitionState after) {
        if (after.published() && !states.stored().published()) {
            requireAnswers(after);
        }
        states.changed(after);
        premise.stored(after);
        requireIsr();
    }

    private void requireAnswers(PartitionState published) {
        for (ReplicaRef ref : published.isr()) {
            unless(
                    promises(ref.node()).hasAnswered(published.leaderEpoch(), ref.incarnation()),
                    Invariant.PUBLISHED_ISR_HAS_ANSWERED,
                    () -> ref + " never answered the fence of " + published);
        }
    }

    /** What stands at an offset in the log of an owner's leader, or of any replica that has it. */
    @Nullable Placement held(@Nullable NodeId leader, long baseOffset) {
        if (leader != null) {
            Placement atLeader = mirror(leader).at(baseOffset);
            if (atLeader != null) {
                return atLeader;
            }
        }
        for (ReplicaModel mirror : mirrors.values()) {
            Placement elsewhere = mirror.at(baseOffset);
            if (elsewhere != null) {
                return elsewhere;
            }
        }
        return null;
    }

    static String describe(ByteBuffer frame, int position) {
        return "batch crc %08x at %d of epoch %d"
                .formatted(
                        RecordBatch.crc(frame, BatchFrame.batchPosition(position)),
                        BatchFrame.baseOffset(frame, position),
                        BatchFrame.leaderEpoch(frame, position));
    }
}
