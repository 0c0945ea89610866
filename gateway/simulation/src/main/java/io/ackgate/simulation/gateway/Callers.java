package io.ackgate.simulation.gateway;

import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.ProduceStep;
import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.check.Violation;
import io.ackgate.storage.api.PartitionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The clients that wait for the end of a request at a gateway; each is answered once. */
final class Callers {
    private final SimGateway gateway;
    private final Invariants invariants;
    private final Story story;
    private final Map<Long, Caller> waiting = new HashMap<>();
    private long lastToken;

    Callers(SimGateway gateway, Invariants invariants, Story story) {
        this.gateway = gateway;
        this.invariants = invariants;
        this.story = story;
    }

    /** A client waits; gives the token of its request. */
    long add(Caller caller) {
        waiting.put(++lastToken, caller);
        return lastToken;
    }

    /** Nobody waits for a fetch any more; its partition, or null if it was answered. */
    @Nullable PartitionId cancelFetch(long token) {
        return waiting.remove(token) instanceof Caller.OfFetch fetch ? fetch.partition() : null;
    }

    /** Those who should have been answered by a time. */
    List<String> waitingSince(long nanos) {
        return waiting.values().stream()
                .filter(caller -> caller.deadlineNanos() - nanos < 0)
                .map(Caller::toString)
                .toList();
    }

    /** A partition waits for nothing more, and should have answered everything by itself. */
    void noneWaitsFor(PartitionId partition, String reason) {
        for (Caller caller : waiting.values()) {
            if (caller.partition().equals(partition)) {
                throw new Violation(
                        Invariant.EVERYTHING_ENDS,
                        "%s leaves %s without an answer: %s".formatted(gateway, caller, reason));
            }
        }
    }

    /** The process is gone: nobody is answered any more. */
    void clear() {
        waiting.clear();
    }

    void complete(long token, ProduceOutcome outcome, PartitionStatus status) {
        if (!(waiting.remove(token)
                instanceof Caller.OfProduce(var attempt, var progress, var deadline, var answer))) {
            throw new Violation(
                    Invariant.EVERYTHING_ENDS, gateway + " ends request " + token + " twice");
        }
        story.tell(() -> gateway + " -> " + attempt.batch() + " " + outcome);
        invariants.completed(gateway.id(), attempt, outcome, status);
        invariants.ended(attempt, progress, outcome);
        answer.accept(outcome);
    }

    /** A step of a tracked produce. */
    void progress(long token, ProduceStep step) {
        story.tell(() -> gateway + " -> " + told(token) + " " + step);
        if (!(waiting.get(token)
                instanceof Caller.OfProduce(var attempt, var progress, var deadline, var answer))) {
            throw new Violation(
                    Invariant.PROGRESS_IS_TRUE,
                    gateway + " tells " + step + " of request " + token + ", which has ended");
        }
        invariants.progressed(gateway.id(), attempt, progress, step);
    }

    void reply(long token, FetchOutcome outcome) {
        switch (waiting.remove(token)) {
            case Caller.OfFetch(PartitionId partition, long offset, var deadline, var answer) -> {
                invariants.fetched(partition, offset, outcome);
                answer.accept(outcome);
            }
            case Caller.OfPosition(PartitionId partition, var asked, var deadline, var answer) -> {
                if (outcome instanceof FetchOutcome.Position position) {
                    invariants.positioned(partition, asked, position);
                }
                answer.accept(outcome);
            }
            case null, default ->
                    throw new Violation(
                            Invariant.EVERYTHING_ENDS, gateway + " ends read " + token + " twice");
        }
    }

    /** What a story calls the caller. */
    private String told(long token) {
        Caller caller = waiting.get(token);
        return caller == null ? "nobody" : caller.toString();
    }
}
