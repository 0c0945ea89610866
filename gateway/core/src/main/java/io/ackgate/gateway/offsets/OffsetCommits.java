package io.ackgate.gateway.offsets;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.MetadataFullException;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataKeys.GroupPartition;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome.Committed;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome.Refused;
import io.ackgate.gateway.offsets.CommittedOffsets.Position;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Stores commits in their order. Any thread.
 *
 * <p>Of one key one commit is under way at a time. Those that come meanwhile wait, and of those
 * that follow each other in one leader epoch only the last is stored: the others are fulfilled by
 * it, as if they had been stored before it.
 */
final class OffsetCommits {
    /** Commits that wait for the store; above it they fail at once. */
    static final int MAX_WAITING = 100_000;

    private final MetadataStore store;
    private final GroupIndex index;

    /** Guarded by this, as is all below. What waits behind the commit under way, per key. */
    private final Map<GroupPartition, ArrayDeque<Commit>> underWay = new HashMap<>();

    private int waiting;

    /** A position, and who waits for it. */
    private static final class Commit {
        Position position;
        final List<CompletableFuture<CommitOutcome>> callers = new ArrayList<>();

        Commit(Position position) {
            this.position = position;
        }
    }

    OffsetCommits(MetadataStore store, GroupIndex index) {
        this.store = store;
        this.index = index;
    }

    CompletionStage<CommitOutcome> commit(GroupPartition key, Position position) {
        CompletableFuture<CommitOutcome> caller = new CompletableFuture<>();
        @Nullable Commit first = null;
        synchronized (this) {
            if (waiting >= MAX_WAITING) {
                return CompletableFuture.failedFuture(
                        new IOException(MAX_WAITING + " commits wait; try again"));
            }
            String noRoom = index.takePlace(key);
            if (noRoom != null) {
                return CompletableFuture.completedFuture(
                        new Refused(ErrorCode.POLICY_VIOLATION, noRoom));
            }
            waiting++;
            ArrayDeque<Commit> behind = underWay.get(key);
            if (behind == null) {
                underWay.put(key, new ArrayDeque<>());
                first = new Commit(position);
                first.callers.add(caller);
            } else {
                join(behind, position).callers.add(caller);
            }
        }
        if (first != null) {
            store(key, first);
        }
        return caller;
    }

    private static Commit join(ArrayDeque<Commit> behind, Position position) {
        Commit last = behind.peekLast();
        if (last == null || last.position.leaderEpoch() != position.leaderEpoch()) {
            last = new Commit(position);
            behind.add(last);
        }
        last.position = position;
        return last;
    }

    private void store(GroupPartition key, Commit commit) {
        begin(key, commit.position)
                .exceptionally(OffsetCommits::full)
                .whenComplete((outcome, failure) -> ended(key, commit, outcome, failure));
    }

    private static CommitOutcome full(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof MetadataFullException full) {
            return new Refused(ErrorCode.POLICY_VIOLATION, full.detail());
        }
        throw new CompletionException(cause);
    }

    private void ended(
            GroupPartition key,
            Commit commit,
            @Nullable CommitOutcome outcome,
            @Nullable Throwable failure) {
        index.givePlaceBack(key);
        Commit next;
        synchronized (this) {
            waiting -= commit.callers.size();
            ArrayDeque<Commit> behind = underWay.get(key);
            next = behind == null ? null : behind.poll();
            if (next == null) {
                underWay.remove(key);
            }
        }
        for (CompletableFuture<CommitOutcome> caller : commit.callers) {
            if (outcome != null) {
                caller.complete(outcome);
            } else if (failure != null) {
                caller.completeExceptionally(failure);
            }
        }
        if (next != null) {
            store(key, next);
        }
    }

    /** From what is known here, so that a group that commits again asks the store once. */
    private CompletionStage<CommitOutcome> begin(GroupPartition key, Position position) {
        String name = MetadataKeys.offset(key.partition(), key.group());
        GroupIndex.Known known = index.known(key);
        if (known == null || known.position() == null) {
            return put(key, name, MetadataStore.ABSENT, position);
        }
        // What refuses a commit is looked up: another gateway may have changed it just now.
        return isOlder(position, known.position())
                ? store.get(name).thenCompose(current -> put(key, current, position))
                : put(key, name, known.version(), position);
    }

    private CompletionStage<CommitOutcome> put(
            GroupPartition key, Entry current, Position position) {
        if (current.version() != MetadataStore.ABSENT) {
            Position stored = CommittedOffsetCodec.decode(current.value());
            index.stored(key, current.version(), stored);
            if (isOlder(position, stored)) {
                return CompletableFuture.completedFuture(fenced(position, stored));
            }
        }
        return put(key, current.key(), current.version(), position);
    }

    /** The last commit wins: one that was overtaken goes on from the newer version. */
    private CompletionStage<CommitOutcome> put(
            GroupPartition key, String name, long expected, Position position) {
        return store.compareAndSet(name, expected, CommittedOffsetCodec.encode(position))
                .thenCompose(
                        outcome ->
                                switch (outcome) {
                                    case Outcome.Applied(long version) -> {
                                        index.stored(key, version, position);
                                        yield CompletableFuture.completedFuture(new Committed());
                                    }
                                    case Outcome.Refused(Entry current) ->
                                            put(key, current, position);
                                });
    }

    /** Only two epochs that are both known can be compared. */
    private static boolean isOlder(Position position, Position stored) {
        return position.leaderEpoch() >= 0 && position.leaderEpoch() < stored.leaderEpoch();
    }

    private static Refused fenced(Position position, Position stored) {
        return new Refused(
                ErrorCode.FENCED_LEADER_EPOCH,
                ("leader epoch %d is older than %d, in which the group has committed offset %d:"
                     + " these records came from an owner that was superseded. Go on from the"
                     + " committed offset")
                        .formatted(position.leaderEpoch(), stored.leaderEpoch(), stored.offset()));
    }
}
