package io.ackgate.gateway.runtime;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.gateway.ownership.Candidacy;
import io.ackgate.gateway.ownership.ClaimVerdict;
import io.ackgate.gateway.ownership.OfflineNotice;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.SteppedPartition;
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
 * A partition on its partition thread: steps it, carries its effects out, and claims it whenever
 * the rules of {@link Candidacy} say so. Thread-confined.
 *
 * <p>A partition that throws has a bug, or has met what cannot be: it is let go, everything that
 * waits for it is answered, and another one begins in its place after a while, unless another
 * gateway has it by then. Its thread and its neighbours go on.
 */
final class HostedPartition {
    private static final System.Logger LOG = System.getLogger(HostedPartition.class.getName());
    private static final PartitionInput TICK = new PartitionInput.Tick();

    final PartitionId id;
    private final PartitionThread thread;
    private final Ports ports;
    private final Candidacy candidacy;
    private final PendingElections elections = new PendingElections();
    private final OfflineNotice offline = new OfflineNotice();
    private SteppedPartition partition;
    private final Consumer<PartitionEffect> effects = this::carryOut;
    private final Set<NodeId> nodes = new HashSet<>();
    private PartitionSettings settings;
    private long bufferedBytes;
    private @Nullable Seen seen;

    /** Counts the partitions that have begun here, one after the other. */
    private int life;

    private @Nullable String broken;

    /** The newest state that a watch told. */
    private record Seen(long version, PartitionState state) {}

    /** The newest of its requests that wait; kept by {@link PendingRequests}. */
    @Nullable Request newest;

    /** Kept by {@link TickSchedule}. */
    boolean eachTick;

    long scheduledAt = Long.MAX_VALUE;

    /** Tells it from its neighbours. */
    final long number;

    private int waitingReads;

    HostedPartition(
            PartitionId id, PartitionSettings settings, PartitionThread thread, Ports ports) {
        this.id = id;
        this.thread = thread;
        this.ports = ports;
        this.settings = settings;
        this.number = thread.nextNumber();
        this.partition = ports.partitions().create(id, ports.me(), settings, ports.admission());
        RuntimeSettings of = ports.settings();
        this.candidacy =
                new Candidacy(
                        id,
                        ports.me(),
                        settings,
                        of.retryLeastNanos(),
                        of.retryMostNanos(),
                        thread.now());
    }

    // ---- what happens to it

    void request(Request request) {
        // Does not leave it to the next tick: the request waits for the takeover then.
        claimIfDue();
        if (broken != null) {
            thread.refused(request, id + " is stopped at this gateway: " + broken);
            return;
        }
        request.host = this;
        step(request.input(thread.pending().add(request)));
    }

    /** Its caller has gone, or is {@code told} how it ends without the partition. */
    void cancel(Request request, Runnable told) {
        if (thread.pending().take(request.token) == request) {
            told.run();
            thread.answered(request);
            step(new PartitionInput.Cancel(request.token));
        }
    }

    private void claimIfDue() {
        if ((broken != null || partition.isIdle()) && candidacy.isDue(thread.now())) {
            switch (candidacy.judge(thread.now())) {
                case ClaimVerdict.Claim() -> stepAnew(new PartitionInput.TakeOver());
                case ClaimVerdict.Release() -> stepAnew(new PartitionInput.Release());
                case ClaimVerdict.Unreachable(String detail) -> offline(detail);
                case ClaimVerdict.Wait waits -> {}
                case ClaimVerdict.NotOurs notOurs -> {}
            }
            schedule();
        }
    }

    private void stepAnew(PartitionInput input) {
        if (broken != null) {
            beginAnew();
        }
        step(input);
    }

    /** In place of a partition that broke: it knows nothing of what that one knew. */
    private void beginAnew() {
        life++;
        broken = null;
        partition = ports.partitions().create(id, ports.me(), settings, ports.admission());
        nodes.clear();
        Seen newest = seen;
        if (newest != null) {
            tell(newest);
        }
    }

    /** A newer state, or an older one again. */
    void observed(long version, PartitionState state) {
        Seen before = seen;
        if (before != null && before.version() >= version) {
            return;
        }
        Seen newest = new Seen(version, state);
        seen = newest;
        candidacy.observed(state, thread.now());
        if (state.published() && !state.owner().equals(ports.me())) {
            offline.over();
        }
        tell(newest);
    }

    private void tell(Seen newest) {
        for (ReplicaRef replica : newest.state().replicas()) {
            if (nodes.add(replica.node())) {
                thread.openStream(replica.node())
                        .ifPresent(stream -> opened(replica.node(), stream));
            }
        }
        step(new PartitionInput.StateObserved(newest.version(), newest.state()));
    }

    void opened(NodeId node, long stream) {
        if (nodes.contains(node)) {
            candidacy.opened(node, thread.now());
            step(new PartitionInput.SessionOpened(node, stream));
        }
    }

    void closed(NodeId node, long stream) {
        if (nodes.contains(node)) {
            candidacy.closed(node);
            step(new PartitionInput.SessionClosed(node, stream));
        }
    }

    void answered(NodeId node, long stream, StorageAnswer answer) {
        step(new PartitionInput.Answered(node, stream, answer));
    }

    void configure(PartitionSettings changed) {
        if (!changed.equals(settings)) {
            settings = changed;
            candidacy.configured(changed, thread.now());
            step(new PartitionInput.Reconfigured(changed));
        }
    }

    /** These gateways are live; none, once this one has lost its lease. */
    void live(Set<GatewaySession> gateways) {
        candidacy.live(gateways, thread.now());
        schedule();
    }

    /** An operator wants a leader, in sync or not. */
    void electUnclean(Mandate mandate, CompletableFuture<ElectionOutcome> outcome) {
        PartitionStatus status = partition.status();
        if (broken == null && PendingElections.hasLeader(status)) {
            outcome.complete(new ElectionOutcome.NotNeeded(status));
        } else if (!candidacy.isLive()) {
            outcome.complete(new ElectionOutcome.Failed("this gateway holds no lease"));
        } else if (candidacy.isServedElsewhere()) {
            outcome.complete(
                    new ElectionOutcome.Failed(
                            "another gateway owns it: ask there; it is " + status.state()));
        } else {
            stepAnew(new PartitionInput.ElectUnclean(mandate));
            if (partition.isIdle()) {
                outcome.complete(new ElectionOutcome.Failed("none of its replicas can be reached"));
            } else {
                elections.add(outcome);
            }
        }
    }

    void resign(String reason) {
        step(new PartitionInput.Resign(reason));
        abandonPending(reason);
        elections.end(new ElectionOutcome.Failed(reason));
    }

    void tick() {
        if (broken == null && !partition.isIdle()) {
            step(TICK);
        } else {
            claimIfDue();
        }
        schedule();
    }

    /** Has the time told when something is due, and not before. */
    private void schedule() {
        boolean owned = broken == null && !partition.isIdle();
        long claim = candidacy.dueAt();
        thread.schedule(this, owned ? partition.nextDueNanos() : claim);
    }

    /** Which of the partitions that began here, one after the other, is stepped now. */
    int life() {
        return life;
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
            schedule();
            return;
        }
        try {
            partition.step(input, thread.now(), effects);
        } catch (RuntimeException | Error bug) {
            breakDown(input, bug);
        }
        if (broken != null) {
            abandonPending(broken);
            thread.readsNothing(id);
            elections.end(new ElectionOutcome.Failed(broken));
        }
        long bytes = broken == null ? partition.bufferedBytes() : 0;
        if (bytes != bufferedBytes) {
            thread.held(bytes - bufferedBytes);
            bufferedBytes = bytes;
        }
        int waiting = broken == null ? partition.waitingReads() : 0;
        if (waiting != waitingReads) {
            thread.waitingReads(waiting - waitingReads);
            waitingReads = waiting;
        }
        schedule();
    }

    private void breakDown(PartitionInput input, Throwable bug) {
        String detail = "%s was thrown by %s".formatted(bug, input.getClass().getSimpleName());
        broken = detail;
        LOG.log(System.Logger.Level.ERROR, id + " stops: " + detail, bug);
        PartitionEvent event = new PartitionEvent.InvariantBroken(detail);
        candidacy.happened(event, thread.now());
        ports.events().happened(id, event);
        try {
            partition.step(new PartitionInput.Resign(detail), thread.now(), effects);
        } catch (RuntimeException | Error again) {
            LOG.log(System.Logger.Level.ERROR, id + " could not let go", again);
        }
    }

    /** Answers what the partition should have answered when it let go. */
    private void abandonPending(String detail) {
        thread.pending()
                .takeAllOf(
                        this,
                        request -> {
                            request.abandon(detail);
                            thread.answered(request);
                        });
    }

    // ---- effects

    private void carryOut(PartitionEffect effect) {
        switch (effect) {
            case PartitionEffect.Send(var node, long stream, var request) ->
                    thread.send(node, stream, request);
            case PartitionEffect.Read read -> thread.read(read);
            case PartitionEffect.ReadBackEnded ended -> thread.readBackEnded(id, ended);
            case PartitionEffect.Complete(long token, var outcome) -> {
                if (thread.pending().take(token) instanceof Request.Produce produce) {
                    produce.done(outcome);
                    thread.answered(produce);
                } else {
                    answeredTwice(token);
                }
            }
            case PartitionEffect.Progress(long token, var progress) -> {
                if (thread.pending().get(token) instanceof Request.Produce produce) {
                    produce.progress(progress);
                } else {
                    answeredTwice(token);
                }
            }
            case PartitionEffect.Reply(long token, var outcome) -> {
                if (thread.pending().take(token) instanceof Request.Read read) {
                    read.done(outcome);
                    thread.answered(read);
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
        thread.awaitAnswer(attempt);
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
        stage.whenComplete((outcome, failure) -> thread.put(attempt.answer(outcome, failure)));
    }

    private void happened(PartitionEvent event) {
        candidacy.happened(event, thread.now());
        if (event instanceof PartitionEvent.InvariantBroken(String detail)) {
            // It answers what it has in this very step, and then stays stopped for a while.
            broken = detail;
            LOG.log(System.Logger.Level.ERROR, "{0} stops: {1}", id, detail);
        }
        ports.events().happened(id, event);
        elections.happened(event, partition::status);
        if (event instanceof PartitionEvent.Serving) {
            offline.over();
        } else if (event
                        instanceof
                        PartitionEvent.TakeoverFailed(int epoch, var cause, String reason)
                && cause == PartitionEvent.Cause.OFFLINE) {
            offline(reason);
        }
    }

    private void offline(String reason) {
        PartitionEvent.Offline told = offline.because(reason);
        if (told != null) {
            ports.events().happened(id, told);
        }
    }
}
