package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.storage.api.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition as its gateway sees it, for the admin API, metrics and the simulation's checks.
 *
 * @param state last state known to be committed; null before any was seen
 * @param highWatermark -1 unless serving
 * @param logEnd -1 unless serving
 * @param pendingBytes bytes that the ISR does not hold yet
 */
public record PartitionStatus(
        Phase phase,
        @Nullable PartitionState state,
        long highWatermark,
        long logEnd,
        long pendingBytes,
        List<Replica> replicas) {

    /** Where the owner stands. */
    public enum Phase {
        /** Not this gateway's. */
        IDLE,
        /** The claim of an epoch is under way. */
        CLAIMING,
        /** Replicas are being fenced. */
        FENCING,
        /** Leader and ISR are being published. */
        PUBLISHING,
        /** Published; the leader is joining and the producer table is read. */
        RECOVERING,
        SERVING
    }

    /**
     * One replica.
     *
     * @param logEnd durable log end offset as acknowledged in this epoch; -1 when not known
     * @param lag records behind the owner's log end offset; -1 when not known
     */
    public record Replica(
            NodeId node, boolean leader, boolean inSync, String stage, long logEnd, long lag) {}
}
