package io.ackgate.gateway.topic;

import io.ackgate.gateway.topic.TopicOutcome.Refused;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Bounds the partitions of all topics. Those that are being made count as well, so that of many who
 * create topics at once nobody passes the bound. Gateways that do not know yet of what another one
 * has just made may pass it together by that.
 */
final class PartitionBudget {
    private final TopicCatalog catalog;
    private final int most;

    /** Partitions that are being made; guarded by this. */
    private long beingMade;

    PartitionBudget(TopicCatalog catalog, int most) {
        this.catalog = catalog;
        this.most = most;
    }

    /** Does what makes so many more partitions, if there is room for them, or refuses it. */
    CompletionStage<TopicOutcome> spend(int more, Supplier<CompletionStage<TopicOutcome>> make) {
        synchronized (this) {
            Refused wrong = TopicRules.total(more, catalog.partitions() + beingMade, most);
            if (wrong != null) {
                return CompletableFuture.completedFuture(wrong);
            }
            beingMade += more;
        }
        CompletionStage<TopicOutcome> made;
        try {
            made = make.get();
        } catch (RuntimeException e) {
            giveBack(more);
            throw e;
        }
        return made.whenComplete((_, _) -> giveBack(more));
    }

    private synchronized void giveBack(int partitions) {
        beingMade -= partitions;
    }
}
