package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.ReplicaProgress.Stage;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides who leads, who is in the ISR and which log counts, and proposes it to the metadata store:
 * everything that is due in one compare-and-set, one at a time.
 */
final class Membership {
    private final Context context;
    private final IsrState isr;
    private final Replication replication;

    /** Log end offset of the leader when the epoch was published. */
    private final long epochStart;

    private int lastSerial;

    Membership(Context context, IsrState isr, Replication replication, long epochStart) {
        this.context = context;
        this.isr = isr;
        this.replication = replication;
        this.epochStart = epochStart;
        // The claim of a first epoch has used as many serials as there are replicas.
        this.lastSerial = isr.committed().replicas().size();
    }

    /**
     * Proposes what has become due.
     *
     * @return why the epoch must be given up: nobody who is left holds what its leader held; null
     *     otherwise
     */
    @Nullable String propose() {
        if (isr.changing()) {
            return null;
        }
        PartitionState committed = isr.committed();
        PartitionState next = committed;
        NodeId leader = committed.leader().orElseThrow();
        String leaderFault = fault(replication.leader());
        if (leaderFault != null) {
            Optional<NodeId> successor = successor(leader);
            if (successor.isPresent()) {
                leader = successor.get();
                next = next.with(leader, next.replicas());
                context.happened(
                        new PartitionEvent.LeaderChanged(
                                committed.leader().orElseThrow(), leader, leaderFault));
            } else if (replication.leader().stage != Stage.JOINED && anotherMemberIsUp(leader)) {
                return "the leader is gone (" + leaderFault + ") and nobody has all of its log";
            }
        }
        for (ReplicaRef ref : committed.replicas()) {
            if (!ref.node().equals(leader)) {
                next = next.withReplica(judge(ref));
            }
        }
        if (!next.equals(committed)) {
            isr.propose(next);
        }
        return null;
    }

    private ReplicaRef judge(ReplicaRef ref) {
        ReplicaProgress replica = replication.replica(ref.node());
        if (replica == null) {
            return ref;
        }
        if (replica.stage == Stage.LOST && context.now - replica.retryAt >= 0) {
            return ref.withIncarnation(Incarnation.of(isr.committed().leaderEpoch(), ++lastSerial));
        }
        if (ref.inSync()) {
            String fault = fault(replica);
            if (fault == null) {
                return ref;
            }
            return ref.withInSync(false);
        }
        return ref.withInSync(mayJoinIsr(replica, ref));
    }

    /**
     * The rule of re-admission: reconciled in this epoch on the present stream, in the incarnation
     * that is to be written, and durable up to both the high watermark and the end of the leader's
     * log at the start of the epoch. The high watermark alone does not suffice: a new owner knows
     * only a lower bound of what was committed before it.
     */
    private boolean mayJoinIsr(ReplicaProgress replica, ReplicaRef ref) {
        return replica.isJoined()
                && replica.logEndOf(ref) >= Math.max(replication.highWatermark(), epochStart)
                && replica.nextOffset >= replication.log().start();
    }

    /** Why a member must leave the ISR; null if it need not. */
    private @Nullable String fault(ReplicaProgress replica) {
        if (replica.stage == Stage.LOST) {
            return "its log is lost";
        }
        if (replica.stage == Stage.DOWN
                && context.now - replica.downSince >= context.settings.disconnectGraceNanos()) {
            return "its stream is down";
        }
        if (replica.refuses(context.now, context.settings.disconnectGraceNanos())) {
            return "it refuses what it is sent";
        }
        if (replica.lags(replication.log().end(), context.now, context.settings.lagMaxNanos())) {
            return "it has not caught up for replica.lag.time.max.ms";
        }
        return null;
    }

    /** The member that holds most, provided that memory holds what it lacks. */
    private Optional<NodeId> successor(NodeId leader) {
        ReplicaProgress best = null;
        for (ReplicaRef ref : isr.committed().isr()) {
            ReplicaProgress replica = replication.replica(ref.node());
            if (replica == null
                    || ref.node().equals(leader)
                    || replica.logEndOf(ref) < replication.log().start()
                    || fault(replica) != null) {
                continue;
            }
            if (best == null || replica.logEnd > best.logEnd) {
                best = replica;
            }
        }
        return Optional.ofNullable(best).map(replica -> replica.node);
    }

    private boolean anotherMemberIsUp(NodeId leader) {
        return isr.committed().isr().stream()
                .filter(ref -> !ref.node().equals(leader))
                .map(ref -> replication.replica(ref.node()))
                .anyMatch(replica -> replica != null && replica.isJoined());
    }
}
