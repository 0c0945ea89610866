package io.ackgate.gateway.ownership;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.storage.api.PartitionId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Names the preferred owner of a partition without anybody deciding: every gateway scores every
 * live gateway for the partition, and the highest score is the same for all who see the same
 * gateways. One that joins or leaves moves only the partitions that it gets or had.
 *
 * <p>Gateways that see different ones may disagree for a while. Then both take over, and the epochs
 * decide.
 */
public final class Rendezvous {
    private Rendezvous() {}

    /** The live gateways in the order in which they are to own the partition. */
    static List<GatewaySession> order(PartitionId id, Collection<GatewaySession> live) {
        return live.stream()
                .sorted(
                        Comparator.comparingLong((GatewaySession each) -> score(each, id))
                                .thenComparingLong(GatewaySession::value)
                                .reversed())
                .toList();
    }

    private static long score(GatewaySession gateway, PartitionId id) {
        return mix(gateway.value() ^ hash(id));
    }

    /** Spreads partitions evenly, also those of one topic. */
    public static long hash(PartitionId id) {
        return mix(id.topic().high() ^ mix(id.topic().low() + id.partition()));
    }

    /** The finalizer of SplitMix64: every bit of the input moves half of the output's. */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
