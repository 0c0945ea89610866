package io.ackgate.gateway.partition.role;

import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionInput.Answered;
import io.ackgate.gateway.partition.PartitionInput.CasApplied;
import io.ackgate.gateway.partition.PartitionInput.CasRefused;
import io.ackgate.gateway.partition.PartitionInput.CasUnknown;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.ProducerEntry;
import java.util.List;

/**
 * What this gateway is to the partition at the moment. Each method answers one input and returns
 * the role that takes the next one.
 */
public interface Role {
    Role request(Request request);

    /** Nobody waits for the answer any more. */
    default void cancel(long token) {}

    /** Reads that wait for records, or for a leader. */
    default int waitingReads() {
        return 0;
    }

    Role sessionOpened(NodeId node, long stream);

    Role streamClosed(NodeId node);

    /** Only answers of the node's open stream arrive here. */
    Role answered(Answered answered);

    Role casApplied(CasApplied applied);

    Role casRefused(CasRefused refused);

    Role casUnknown(CasUnknown unknown);

    /** {@link Context#observed} is newer than it was. */
    Role stateObserved();

    /**
     * An operator's word, for a role that is about to elect a leader or cannot reach the one it
     * has.
     */
    Role electUnclean(Mandate mandate);

    /** Only an idle partition can be left to other gateways. */
    default Role release() {
        return this;
    }

    Role resign(String reason);

    Role reconfigured();

    Role tick();

    /**
     * When {@link #tick} has something to do: a time that is past if that may be with any tick,
     * {@link Long#MAX_VALUE} if never before something else happens.
     */
    default long nextDue() {
        return Long.MIN_VALUE;
    }

    PartitionStatus status();

    /** What the owner knows of idempotent producers; nobody else knows anything for certain. */
    default List<ProducerEntry> producers() {
        return List.of();
    }

    /** Bytes of batches in memory: held back, or not yet with every member of the ISR. */
    long bufferedBytes();
}
