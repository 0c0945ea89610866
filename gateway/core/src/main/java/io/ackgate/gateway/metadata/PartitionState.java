package io.ackgate.gateway.metadata;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The metadata of one partition. Changed only by compare-and-set on its full version, so that a
 * change computed from a state nobody has any more can never land.
 *
 * @param owner the gateway process that sequences the partition; none before the first, and after
 *     one that has left its epoch to others
 * @param leaderEpoch grows with every change of owner; 0 before the first
 * @param published false from the claim of an epoch until its leader and ISR are named
 * @param leader the replica that acks=1 waits for; empty before the first publication. During a
 *     claim it is the previous leader
 * @param replicas the assigned replicas, ISR members marked; their order is the order of assignment
 * @param uncleanElections times that a replica that was not in sync was made leader, by an operator
 *     or because the topic allows it
 * @param lastUncleanEpoch the epoch of the last one, 0 when there was none
 * @param lastEmptiedEpoch the epoch of the last one whose leader began with a new, empty log: every
 *     record of the epochs before it is lost; 0 when there was none
 */
public record PartitionState(
        GatewaySession owner,
        int leaderEpoch,
        boolean published,
        Optional<NodeId> leader,
        List<ReplicaRef> replicas,
        int uncleanElections,
        int lastUncleanEpoch,
        int lastEmptiedEpoch) {

    public PartitionState {
        replicas = List.copyOf(replicas);
    }

    /** A partition that nobody has owned yet. */
    public static PartitionState unowned(List<NodeId> nodes) {
        return new PartitionState(
                GatewaySession.NONE,
                0,
                false,
                Optional.empty(),
                nodes.stream().map(n -> new ReplicaRef(n, Incarnation.NONE, false)).toList(),
                0,
                0,
                0);
    }

    /** The in-sync replicas. Empty only before the first publication, and never again. */
    public List<ReplicaRef> isr() {
        return replicas.stream().filter(ReplicaRef::inSync).toList();
    }

    /** The replica on a node. */
    public Optional<ReplicaRef> replica(NodeId node) {
        return replicas.stream().filter(r -> r.node().equals(node)).findFirst();
    }

    /** Whether {@code ref} stands in the ISR, in the incarnation it names. */
    public boolean isInSync(NodeId node, Incarnation incarnation) {
        for (ReplicaRef ref : replicas) {
            if (ref.inSync() && ref.node().equals(node) && ref.incarnation().equals(incarnation)) {
                return true;
            }
        }
        return false;
    }

    /**
     * No epoch has ever been published, so nothing was ever acknowledged and empty logs may be
     * created.
     */
    public boolean neverPublished() {
        return replicas.stream().noneMatch(ReplicaRef::inSync);
    }

    /** Whether this gateway has the epoch, published or not. */
    public boolean isOwnedIn(int epoch, GatewaySession gateway) {
        return leaderEpoch == epoch && owner.equals(gateway);
    }

    /** Who may lead the next epoch: one of them must answer. Any replica before the first one. */
    public List<ReplicaRef> electorate() {
        return neverPublished() ? replicas : isr();
    }

    /** The same epoch without an owner, left by the one it had. */
    public PartitionState released() {
        return new PartitionState(
                GatewaySession.NONE,
                leaderEpoch,
                published,
                leader,
                replicas,
                uncleanElections,
                lastUncleanEpoch,
                lastEmptiedEpoch);
    }

    /** The state that claims the next epoch, or a later one, for {@code session}. */
    public PartitionState claimedBy(GatewaySession session, int epoch) {
        return new PartitionState(
                session,
                epoch,
                false,
                leader,
                replicas,
                uncleanElections,
                lastUncleanEpoch,
                lastEmptiedEpoch);
    }

    /** The same epoch with this leader and these replicas. */
    public PartitionState with(NodeId newLeader, List<ReplicaRef> newReplicas) {
        return new PartitionState(
                owner,
                leaderEpoch,
                true,
                Optional.of(newLeader),
                newReplicas,
                uncleanElections,
                lastUncleanEpoch,
                lastEmptiedEpoch);
    }

    /**
     * The same epoch with a leader that was not in sync, alone in the ISR: whatever it lacks is
     * lost. No other log is named any more, so that none of them proves the leader's wrong.
     *
     * @param incarnation the one that its log gets
     * @param emptied whether that is a new, empty log: all of the epochs before is lost then
     */
    public PartitionState withUncleanLeader(NodeId node, Incarnation incarnation, boolean emptied) {
        List<ReplicaRef> next = new ArrayList<>(replicas);
        next.replaceAll(
                ref ->
                        new ReplicaRef(
                                ref.node(),
                                ref.node().equals(node) ? incarnation : Incarnation.NONE,
                                ref.node().equals(node)));
        return new PartitionState(
                owner,
                leaderEpoch,
                true,
                Optional.of(node),
                next,
                uncleanElections + 1,
                leaderEpoch,
                emptied ? leaderEpoch : lastEmptiedEpoch);
    }

    /** The same epoch with one replica replaced. */
    public PartitionState withReplica(ReplicaRef changed) {
        List<ReplicaRef> next = new ArrayList<>(replicas);
        next.replaceAll(r -> r.node().equals(changed.node()) ? changed : r);
        return new PartitionState(
                owner,
                leaderEpoch,
                published,
                leader,
                next,
                uncleanElections,
                lastUncleanEpoch,
                lastEmptiedEpoch);
    }

    @Override
    public String toString() {
        return "epoch %d%s owner %s leader %s %s"
                .formatted(
                        leaderEpoch,
                        published ? "" : " (claimed)",
                        owner,
                        leader.map(NodeId::toString).orElse("none"),
                        replicas);
    }
}
