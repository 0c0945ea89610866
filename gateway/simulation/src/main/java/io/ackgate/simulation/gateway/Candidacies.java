package io.ackgate.simulation.gateway;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.ownership.Candidacy;
import io.ackgate.gateway.ownership.ClaimVerdict;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one gateway claims, and leaves to others, by the rule of the real one. */
final class Candidacies {
    private static final long RETRY_LEAST = 5_000_000;
    private static final long RETRY_MOST = 200_000_000;

    private final Map<PartitionId, Candidacy> all = new LinkedHashMap<>();

    Candidacies(GatewaySession me, Map<PartitionId, PartitionSettings> settings, long now) {
        settings.forEach(
                (id, of) -> all.put(id, new Candidacy(id, me, of, RETRY_LEAST, RETRY_MOST, now)));
    }

    private Candidacy of(PartitionId id) {
        return Objects.requireNonNull(all.get(id), "no such partition");
    }

    void opened(NodeId node, long now) {
        all.values().forEach(each -> each.opened(node, now));
    }

    void closed(NodeId node) {
        all.values().forEach(each -> each.closed(node));
    }

    void live(Set<GatewaySession> gateways, long now) {
        all.values().forEach(each -> each.live(gateways, now));
    }

    void observed(PartitionId id, PartitionState stored, long now) {
        of(id).observed(stored, now);
    }

    void happened(PartitionId id, PartitionEvent event, long now) {
        of(id).happened(event, now);
    }

    /** What an idle partition is stepped with now; null for nothing. */
    @Nullable PartitionInput due(PartitionId id, long now) {
        Candidacy candidacy = of(id);
        if (!candidacy.isDue(now)) {
            return null;
        }
        return switch (candidacy.judge(now)) {
            case ClaimVerdict.Claim() -> new PartitionInput.TakeOver();
            case ClaimVerdict.Release() -> new PartitionInput.Release();
            case ClaimVerdict.Wait waits -> null;
            case ClaimVerdict.Unreachable unreachable -> null;
            case ClaimVerdict.NotOurs notOurs -> null;
        };
    }
}
