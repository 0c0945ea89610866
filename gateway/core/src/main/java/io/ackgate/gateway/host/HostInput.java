package io.ackgate.gateway.host;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.storage.api.NodeId;
import java.util.Set;

/**
 * What can happen to a hosted partition, besides the requests of callers and the answers of storage
 * nodes, which have methods of their own at {@link PartitionHost}.
 */
public sealed interface HostInput {
    /** The metadata store holds this state. May be old, may come twice. */
    record Observed(long version, PartitionState state) implements HostInput {}

    /** A stream to a node is open, under a new number. */
    record Opened(NodeId node, long stream) implements HostInput {}

    /** The stream is gone. */
    record Closed(NodeId node, long stream) implements HostInput {}

    /** The topic has these settings. */
    record Configured(PartitionSettings settings) implements HostInput {}

    /** These gateways hold a lease, this one among them. */
    record Live(Set<GatewaySession> gateways) implements HostInput {}

    /** This gateway holds no lease any more: it owns nothing, and claims nothing. */
    record LeaseLost(String reason) implements HostInput {}

    /**
     * This gateway is to own the partition now, whichever gateway has it and whatever the rules of
     * the candidacy say. Safe as every takeover is.
     */
    record TakeOver() implements HostInput {}

    /**
     * This gateway is to step down. What comes next follows from the rules, unless the host is
     * taken away.
     */
    record Resign(String reason) implements HostInput {}

    /**
     * An operator wants a leader, in sync or not.
     *
     * @param token named in {@link HostEffect.ElectionEnded}; used once
     */
    record ElectUnclean(long token, Mandate mandate) implements HostInput {}

    /** Nobody waits for the answer to a request any more. */
    record Cancel(long token) implements HostInput {}

    /**
     * A compare-and-set has ended. Counts once, and only in time.
     *
     * @param life {@link PartitionHost#life} when the partition asked for it
     * @param attempt as the partition calls it
     */
    record CasEnded(long life, long attempt, CasOutcome outcome) implements HostInput {}

    /**
     * Time passes; sent every few milliseconds while {@link PartitionHost#nextDueNanos} is past.
     */
    record Tick() implements HostInput {}
}
