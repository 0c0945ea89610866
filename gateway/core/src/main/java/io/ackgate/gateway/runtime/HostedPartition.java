package io.ackgate.gateway.runtime;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.StorageAnswer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A partition on its shard's thread: steps it, carries its effects out, and tries again when a
 * takeover has failed. Thread-confined.
 *
 * <p>A partition that throws has a bug, or has met what cannot be: it is let go, everything that
 * waits for it is answered, and it stays stopped until the gateway starts again. Its thread and its
 * neighbours go on.
 */
final class HostedPartition {
    private static final System.Logger LOG = System.getLogger(HostedPartition.class.getName());
    private static final PartitionInput TICK = new PartitionInput.Tick();

    /** Having served for so long, an owner that stops is new to its troubles. */
    private static final long STEADY_NANOS = 10_000_000_000L;

    final PartitionId id;
    private final Shard shard;
    private final Ports ports;
    private final SteppedPartition partition;
    private final Consumer<PartitionEffect> effects = this::carryOut;
    private final Set<NodeId> nodes = new HashSet<>();
    private final Backoff backoff;
    private PartitionSettings settings;
    private long bufferedBytes;
    private boolean preferredHere;
    private long retryAtNanos;
    private long servingSinceNanos;
    private @Nullable String broken;

    HostedPartition(PartitionId id, PartitionSettings settings, Shard shard, Ports ports) {
        this.id = id;
        this.shard = shard;
        this.ports = ports;
        this.settings = settings;
        this.partition = ports.partitions().create(id, ports.me(), settings);
        this.backoff =
                new Backoff(ports.settings().retryLeastNanos(), ports.settings().retryMostNanos());
        this.retryAtNanos = shard.now();
        this.servingSinceNanos = shard.now();
    }

    // ---- what happens to it

    void request(Request request) {
        takeOverIfDue();
        if (broken != null) {
            shard.refused(request, id + " is stopped at this gateway: " + broken);
            return;
        }
        request.host = this;
        step(request.input(shard.pending().add(request)));
    }

    /**
     * Does not leave it to the next tick when a request is there: it waits for the takeover then.
     */
    private void takeOverIfDue() {
        if (partition.isIdle() && preferredHere && shard.now() - retryAtNanos >= 0) {
            step(new PartitionInput.TakeOver());
        }
    }

    /** A newer state, or an older one again. */
    void observed(long version, PartitionState state) {
        for (ReplicaRef replica : state.replicas()) {
            if (nodes.add(replica.node())) {
                shard.openStream(replica.node())
                        .ifPresent(
                                stream ->
                                        step(
                                                new PartitionInput.SessionOpened(
                                                        replica.node(), stream)));
            }
        }
        step(new PartitionInput.StateObserved(version, state));
    }

    void opened(NodeId node, long stream) {
        if (nodes.contains(node)) {
            step(new PartitionInput.SessionOpened(node, stream));
        }
    }

    void closed(NodeId node, long stream) {
        if (nodes.contains(node)) {
            step(new PartitionInput.SessionClosed(node, stream));
        }
    }

    void answered(NodeId node, long stream, StorageAnswer answer) {
        step(new PartitionInput.Answered(node, stream, answer));
    }

    void configure(PartitionSettings changed) {
        if (!changed.equals(settings)) {
            settings = changed;
            step(new PartitionInput.Reconfigured(changed));
        }
    }

    /** Whether this gateway is the one to own it. */
    void prefer(boolean here) {
        if (here && !preferredHere) {
            retryAtNanos = shard.now();
        }
        preferredHere = here;
    }

    void letGo(String reason) {
        preferredHere = false;
        step(new PartitionInput.LetGo(reason));
        abandonPending(reason);
    }

    void tick() {
        if (!partition.isIdle()) {
            step(TICK);
        } else {
            takeOverIfDue();
        }
    }

    boolean needsTicks() {
        return broken == null && (preferredHere || !partition.isIdle());
    }

    PartitionStatus status() {
        return partition.status();
    }

    List<ProducerEntry> producers() {
        return partition.producers();
    }

    // ---- stepping

    void step(PartitionInput input) {
        if (broken != null) {
            return;
        }
        try {
            partition.step(input, shard.now(), effects);
        } catch (RuntimeException | Error bug) {
            breakDown(input, bug);
        }
        if (broken != null) {
            abandonPending(broken);
        }
        long bytes = broken == null ? partition.bufferedBytes() : 0;
        if (bytes != bufferedBytes) {
            shard.held(bytes - bufferedBytes);
            bufferedBytes = bytes;
        }
    }

    private void breakDown(PartitionInput input, Throwable bug) {
        String detail = "%s was thrown by %s".formatted(bug, input.getClass().getSimpleName());
        broken = detail;
        LOG.log(System.Logger.Level.ERROR, id + " stops: " + detail, bug);
        ports.events().happened(id, new PartitionEvent.InvariantBroken(detail));
        try {
            partition.step(new PartitionInput.LetGo(detail), shard.now(), effects);
        } catch (RuntimeException | Error again) {
            LOG.log(System.Logger.Level.ERROR, id + " could not let go", again);
        }
    }

    /** Answers what the partition should have answered when it let go. */
    private void abandonPending(String detail) {
        shard.pending()
                .takeAllOf(
                        this,
                        request -> {
                            request.abandon(detail);
                            shard.answered(request);
                        });
    }

    // ---- effects

    private void carryOut(PartitionEffect effect) {
        switch (effect) {
            case PartitionEffect.Send(var node, long stream, var request) ->
                    shard.send(node, stream, request);
            case PartitionEffect.Complete(long token, var outcome) -> {
                if (shard.pending().take(token) instanceof Request.Produce produce) {
                    produce.done(outcome);
                    shard.answered(produce);
                } else {
                    answeredTwice(token);
                }
            }
            case PartitionEffect.Progress(long token, var progress) -> {
                if (shard.pending().get(token) instanceof Request.Produce produce) {
                    produce.progress(progress);
                } else {
                    answeredTwice(token);
                }
            }
            case PartitionEffect.Reply(long token, var outcome) -> {
                if (shard.pending().take(token) instanceof Request.Read read) {
                    read.done(outcome);
                    shard.answered(read);
                } else {
                    answeredTwice(token);
                }
            }
            case PartitionEffect.CompareAndSet change -> compareAndSet(change);
            case PartitionEffect.Happened(var event) -> happened(event);
        }
    }

    private void answeredTwice(long token) {
        throw new IllegalStateException("token " + token + " of " + id + " waits for no answer");
    }

    private void compareAndSet(PartitionEffect.CompareAndSet change) {
        CasAttempt attempt = new CasAttempt(this, change.attempt());
        shard.awaitAnswer(attempt);
        CompletionStage<Outcome> stage;
        try {
            stage =
                    ports.metadata()
                            .compareAndSet(
                                    MetadataKeys.partition(id),
                                    change.expectedVersion(),
                                    PartitionStateCodec.encode(change.next()));
        } catch (RuntimeException notSent) {
            stage = CompletableFuture.failedFuture(notSent);
        }
        stage.whenComplete((outcome, failure) -> shard.put(attempt.answer(outcome, failure)));
    }

    private void happened(PartitionEvent event) {
        switch (event) {
            case PartitionEvent.Serving serving -> servingSinceNanos = shard.now();
            case PartitionEvent.TakeoverFailed failed -> tryAgainLater();
            case PartitionEvent.Stopped stopped -> {
                if (shard.now() - servingSinceNanos >= STEADY_NANOS) {
                    backoff.reset();
                }
                tryAgainLater();
            }
            case PartitionEvent.InvariantBroken invariant -> {
                // It answers what it has in this very step, and then stays stopped.
                broken = invariant.detail();
                LOG.log(System.Logger.Level.ERROR, "{0} stops: {1}", id, invariant.detail());
            }
            case PartitionEvent.TakeoverStarted ignored -> {}
            case PartitionEvent.Published ignored -> {}
            case PartitionEvent.IsrShrunk ignored -> {}
            case PartitionEvent.IsrExpanded ignored -> {}
            case PartitionEvent.LeaderChanged ignored -> {}
            case PartitionEvent.ReplicaJoined ignored -> {}
            case PartitionEvent.ReplicaLost ignored -> {}
            case PartitionEvent.ReplicaRefused ignored -> {}
            case PartitionEvent.DuplicateFound ignored -> {}
        }
        ports.events().happened(id, event);
    }

    private void tryAgainLater() {
        retryAtNanos = shard.now() + backoff.nextNanos();
    }
}
