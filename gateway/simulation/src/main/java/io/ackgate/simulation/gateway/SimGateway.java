package io.ackgate.simulation.gateway;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Attempt;
import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.check.Progress;
import io.ackgate.simulation.check.Violation;
import io.ackgate.simulation.metadata.MetadataClient;
import io.ackgate.simulation.metadata.SimMetadata;
import io.ackgate.simulation.network.GatewayEnd;
import io.ackgate.simulation.network.SimNetwork;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * One run of a gateway process: the real {@link Partition}s, and the loop around them that carries
 * out what they ask for. It ends with a crash; what starts afterwards is another one.
 */
public final class SimGateway implements GatewayEnd, MetadataClient {
    private final int machine;
    private final GatewaySession session;
    private final SkewedClock clock;
    private final SimNetwork network;
    private final SimMetadata metadata;
    private final Invariants invariants;
    private final Story story;
    private final Map<PartitionId, Partition> partitions = new LinkedHashMap<>();
    private final Candidacies candidacies;
    private final Backlog backlog = new Backlog();
    private final Callers callers;
    private final News news = new News();
    private final Turns turns = new Turns();
    private final Map<NodeId, Long> openStreams = new HashMap<>();

    /**
     * A process that has just started.
     *
     * @param machine where it runs
     * @param budget what its partitions share
     */
    public SimGateway(
            int machine,
            GatewaySession session,
            SkewedClock clock,
            SimNetwork network,
            SimMetadata metadata,
            Invariants invariants,
            Story story,
            Map<PartitionId, PartitionSettings> settings,
            SharedBudget budget) {
        this.machine = machine;
        this.session = session;
        this.clock = clock;
        this.network = network;
        this.metadata = metadata;
        this.invariants = invariants;
        this.story = story;
        this.callers = new Callers(this, invariants, story);
        this.candidacies = new Candidacies(session, settings, clock.nanos());
        settings.forEach(
                (id, of) -> {
                    partitions.put(id, new Partition(id, session, of, budget));
                    invariants.reconfigured(session, id, of.minInsyncReplicas());
                });
    }

    @Override
    public int machine() {
        return machine;
    }

    public GatewaySession id() {
        return session;
    }

    @Override
    public long session() {
        return session.value();
    }

    @Override
    public boolean exists() {
        return !backlog.isOver();
    }

    public boolean isPaused() {
        return backlog.isPaused();
    }

    public SkewedClock clock() {
        return clock;
    }

    /** The process is gone, with all that it knew. */
    public void crash() {
        backlog.end();
        callers.clear();
        story.tell(() -> this + " crashes");
    }

    /** The process stands still: what arrives waits, timers run late. */
    public void pause() {
        backlog.pause();
        story.tell(() -> this + " stands still");
    }

    public void resume() {
        story.tell(() -> this + " goes on");
        backlog.resume();
    }

    private void whenRunning(Runnable action) {
        backlog.run(action);
    }

    // ---- what arrives

    @Override
    public void opened(NodeId node, long stream) {
        whenRunning(
                () -> {
                    story.tell(() -> this + " <- stream " + stream + " to " + node + " is open");
                    openStreams.put(node, stream);
                    candidacies.opened(node, clock.nanos());
                    stepAll(new PartitionInput.SessionOpened(node, stream));
                });
    }

    @Override
    public void closed(NodeId node, long stream) {
        whenRunning(
                () -> {
                    story.tell(() -> this + " <- stream " + stream + " to " + node + " is gone");
                    if (openStreams.remove(node, stream)) {
                        candidacies.closed(node);
                    }
                    stepAll(new PartitionInput.SessionClosed(node, stream));
                });
    }

    @Override
    public void answered(NodeId node, long stream, StorageAnswer answer) {
        whenRunning(
                () -> step(answer.partition(), new PartitionInput.Answered(node, stream, answer)));
    }

    @Override
    public void input(PartitionId partition, PartitionInput input) {
        whenRunning(
                () -> {
                    if (news.is(partition, input)) {
                        if (input instanceof PartitionInput.StateObserved seen) {
                            candidacies.observed(partition, seen.stored(), clock.nanos());
                        }
                        int number = partition.partition();
                        story.tell(() -> this + " <- p" + number + " " + News.told(input));
                    }
                    step(partition, input);
                });
    }

    /** A moment of the gateway's own timer; late when the process stands still. */
    public void tick() {
        whenRunning(
                () -> {
                    stepAll(new PartitionInput.Tick());
                    partitions.keySet().forEach(this::judge);
                });
    }

    /** These gateways hold a lease; this one does not if it is not among them. */
    public void live(Set<GatewaySession> gateways) {
        whenRunning(() -> candidacies.live(gateways, clock.nanos()));
    }

    private void judge(PartitionId id) {
        PartitionInput due = partition(id).isIdle() ? candidacies.due(id, clock.nanos()) : null;
        if (due != null) {
            step(id, due);
        }
    }

    /** The topic's settings have changed. */
    public void reconfigured(PartitionId partition, PartitionSettings settings) {
        whenRunning(
                () -> {
                    story.tell(() -> this + " <- p" + partition.partition() + News.told(settings));
                    invariants.reconfigured(session, partition, settings.minInsyncReplicas());
                    step(partition, new PartitionInput.Reconfigured(settings));
                });
    }

    /** A producer's request arrives. */
    public void produce(
            Attempt attempt, long waitNanos, boolean tracked, Consumer<ProduceOutcome> answer) {
        whenRunning(
                () -> {
                    invariants.arrived(attempt, session);
                    long deadline = clock.nanos() + waitNanos;
                    long token =
                            callers.add(
                                    new Caller.OfProduce(
                                            attempt, new Progress(), deadline, answer));
                    story.tell(() -> this + " <- produce " + attempt.batch());
                    step(
                            attempt.batch().partition(),
                            new PartitionInput.Produce(
                                    token,
                                    attempt.batch().frame(),
                                    attempt.batch().acks(),
                                    deadline,
                                    tracked,
                                    clock.millis()));
                });
    }

    /** A consumer's request arrives; {@code taken} is told under which token it waits. */
    public void fetch(
            PartitionId partition,
            long offset,
            int maxBytes,
            int minBytes,
            long waitNanos,
            LongConsumer taken,
            Consumer<FetchOutcome> answer) {
        whenRunning(
                () -> {
                    long deadline = clock.nanos() + waitNanos;
                    long token =
                            callers.add(new Caller.OfFetch(partition, offset, deadline, answer));
                    taken.accept(token);
                    step(
                            partition,
                            new PartitionInput.Fetch(token, offset, maxBytes, minBytes, deadline));
                });
    }

    /** Whoever waits for a fetch is gone. */
    public void cancelFetch(long token) {
        whenRunning(
                () -> {
                    PartitionId partition = callers.cancelFetch(token);
                    if (partition != null) {
                        step(partition, new PartitionInput.Cancel(token));
                    }
                });
    }

    /** A consumer asks for a position. */
    public void position(
            PartitionId partition,
            PartitionInput.Position position,
            long timestampMillis,
            long waitNanos,
            Consumer<FetchOutcome> answer) {
        whenRunning(
                () -> {
                    long deadline = clock.nanos() + waitNanos;
                    long token =
                            callers.add(
                                    new Caller.OfPosition(
                                            partition,
                                            invariants.asked(
                                                    session, partition, position, timestampMillis),
                                            deadline,
                                            answer));
                    step(
                            partition,
                            new PartitionInput.FindPosition(
                                    token, position, timestampMillis, deadline));
                });
    }

    /** Requests that should have been answered so long ago, or longer, and reads without an end. */
    public List<String> overdue(long lateNanos) {
        List<String> overdue = new ArrayList<>(turns.openSince(clock.nanos() - lateNanos));
        overdue.addAll(callers.waitingSince(clock.nanos() - lateNanos));
        return overdue;
    }

    /** Reads for replicas that have not ended. */
    public List<String> openTurns() {
        return turns.open();
    }

    public PartitionStatus status(PartitionId partition) {
        return partition(partition).status();
    }

    private Partition partition(PartitionId id) {
        Partition partition = partitions.get(id);
        if (partition == null) {
            throw new IllegalArgumentException("no such partition: " + id);
        }
        return partition;
    }

    // ---- steps

    private void stepAll(PartitionInput input) {
        for (PartitionId id : partitions.keySet()) {
            step(id, input);
        }
    }

    /** One step of a partition, looked at from all sides before its effects leave. */
    private void step(PartitionId id, PartitionInput input) {
        Partition partition = partition(id);
        List<PartitionEffect> effects = new ArrayList<>();
        try {
            partition.step(input, clock.nanos(), effects::add);
        } catch (RuntimeException e) {
            throw new Violation(
                    Invariant.NO_INTERNAL_ERROR, this + " failed at " + News.told(input), e);
        }
        if (isStale(input)) {
            Invariants.countsForNothing(session, !effects.isEmpty(), input);
        }
        PartitionStatus status = partition.status();
        invariants.gatewayStepped(session, id, status);
        for (PartitionEffect effect : effects) {
            carryOut(id, effect, status);
        }
    }

    private boolean isStale(PartitionInput input) {
        return input instanceof PartitionInput.Answered(var node, long stream, var answer)
                && openStreams.getOrDefault(node, 0L) != stream;
    }

    private void carryOut(PartitionId id, PartitionEffect effect, PartitionStatus status) {
        switch (effect) {
            case PartitionEffect.Send(NodeId node, long stream, StorageRequest request) -> {
                if (request instanceof StorageRequest.Append append) {
                    invariants.appends(session, append);
                }
                network.send(machine, node, stream, request);
            }
            case PartitionEffect.Read(NodeId node, long stream, var request, var replica, _) -> {
                turns.reads(id, replica, request.requestId(), clock.nanos());
                network.send(machine, node, stream, request);
            }
            case PartitionEffect.ReadBackEnded ended -> turns.ended(id, ended);
            case PartitionEffect.Complete(long token, ProduceOutcome outcome) ->
                    callers.complete(token, outcome, status);
            case PartitionEffect.Progress(long token, var step) -> callers.progress(token, step);
            case PartitionEffect.Reply(long token, FetchOutcome outcome) ->
                    callers.reply(token, outcome);
            case PartitionEffect.CompareAndSet(long attempt, long expected, var next) -> {
                story.tell(
                        () ->
                                "%s -> p%d compare-and-set #%d v%d: %s"
                                        .formatted(this, id.partition(), attempt, expected, next));
                Invariants.wants(session, next, openStreams.keySet());
                invariants.proposes(session, id, next, status);
                metadata.compareAndSet(this, id, attempt, expected, next);
            }
            case PartitionEffect.Happened(PartitionEvent event) -> happened(id, event);
        }
    }

    private void happened(PartitionId id, PartitionEvent event) {
        story.tell(() -> this + " :: p" + id.partition() + " " + event);
        candidacies.happened(id, event, clock.nanos());
        if (event instanceof PartitionEvent.InvariantBroken(String detail)
                && !invariants.mayBeCorrupt(id)
                && !invariants.isVoid(id)) {
            throw new Violation(
                    Invariant.NO_INTERNAL_ERROR, this + " stopped " + id + ": " + detail);
        }
    }

    @Override
    public String toString() {
        return "gw-" + session;
    }
}
