package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Operators that wait for the election they asked for, of one partition: answered when it serves,
 * or when the takeover that was to bring it there has ended. Confined to the partition's thread.
 */
final class PendingElections {
    private final List<CompletableFuture<ElectionOutcome>> waiting = new ArrayList<>();

    void add(CompletableFuture<ElectionOutcome> outcome) {
        waiting.add(outcome);
    }

    /** Whether a partition has a leader that its owner reaches. */
    static boolean hasLeader(PartitionStatus status) {
        return status.replicas().stream()
                .anyMatch(replica -> replica.leader() && replica.stage().equals("JOINED"));
    }

    void happened(PartitionEvent event, Supplier<PartitionStatus> status) {
        if (event instanceof PartitionEvent.Serving) {
            end(new ElectionOutcome.Elected(status.get()));
        } else if (event instanceof PartitionEvent.TakeoverFailed failed) {
            end(new ElectionOutcome.Failed(failed.reason()));
        } else if (event instanceof PartitionEvent.Stopped stopped) {
            end(new ElectionOutcome.Failed(stopped.reason()));
        }
    }

    void end(ElectionOutcome outcome) {
        List<CompletableFuture<ElectionOutcome>> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(each -> each.complete(outcome));
    }
}
