package io.ackgate.simulation.gateway;

import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Attempt;
import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.check.Violation;
import io.ackgate.storage.api.PartitionId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whoever waits for the end of a request at a gateway; each is answered once. */
final class Callers {
    private final SimGateway gateway;
    private final Invariants invariants;
    private final Story story;
    private final Map<Long, Caller> waiting = new HashMap<>();
    private long lastToken;

    private sealed interface Caller {
        record OfProduce(Attempt attempt, Consumer<ProduceOutcome> answer) implements Caller {}

        record OfFetch(PartitionId partition, long offset, Consumer<FetchOutcome> answer)
                implements Caller {}

        record OfPosition(
                PartitionId partition,
                PartitionInput.Position position,
                Consumer<FetchOutcome> answer)
                implements Caller {}
    }

    Callers(SimGateway gateway, Invariants invariants, Story story) {
        this.gateway = gateway;
        this.invariants = invariants;
        this.story = story;
    }

    private long add(Caller caller) {
        waiting.put(++lastToken, caller);
        return lastToken;
    }

    /** A producer waits; gives the token of its request. */
    long ofProduce(Attempt attempt, Consumer<ProduceOutcome> answer) {
        return add(new Caller.OfProduce(attempt, answer));
    }

    /** A consumer waits for records; gives the token of its request. */
    long ofFetch(PartitionId partition, long offset, Consumer<FetchOutcome> answer) {
        return add(new Caller.OfFetch(partition, offset, answer));
    }

    /** A consumer waits for a position; gives the token of its request. */
    long ofPosition(
            PartitionId partition,
            PartitionInput.Position position,
            Consumer<FetchOutcome> answer) {
        return add(new Caller.OfPosition(partition, position, answer));
    }

    /** Nobody waits for a fetch any more; its partition, or null if it was answered. */
    @Nullable PartitionId cancelFetch(long token) {
        return waiting.remove(token) instanceof Caller.OfFetch(var partition, var _, var _)
                ? partition
                : null;
    }

    int size() {
        return waiting.size();
    }

    /** The process is gone: nobody is answered any more. */
    void clear() {
        waiting.clear();
    }

    void complete(long token, ProduceOutcome outcome, PartitionStatus status) {
        if (!(waiting.remove(token) instanceof Caller.OfProduce(var attempt, var answer))) {
            throw new Violation(
                    Invariant.EVERYTHING_ENDS, gateway + " ends request " + token + " twice");
        }
        story.tell(() -> gateway + " -> " + attempt.batch() + " " + outcome);
        invariants.completed(gateway.id(), attempt, outcome, status);
        answer.accept(outcome);
    }

    void reply(long token, FetchOutcome outcome) {
        switch (waiting.remove(token)) {
            case Caller.OfFetch(PartitionId partition, long offset, var answer) -> {
                invariants.fetched(partition, offset, outcome);
                answer.accept(outcome);
            }
            case Caller.OfPosition(PartitionId partition, var position, var answer) -> {
                if (position == PartitionInput.Position.LATEST
                        && outcome instanceof FetchOutcome.Position latest) {
                    invariants.latest(partition, latest);
                }
                answer.accept(outcome);
            }
            case null, default ->
                    throw new Violation(
                            Invariant.EVERYTHING_ENDS, gateway + " ends read " + token + " twice");
        }
    }

    /** What a story calls the caller. */
    String told(long token) {
        return waiting.get(token) instanceof Caller.OfProduce(var attempt, var answer)
                ? attempt.batch().toString()
                : "nobody";
    }
}
