package io.ackgate.simulation.gateway;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.host.HostInput;
import io.ackgate.gateway.host.HostSettings;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.SharedBudget;
import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Attempt;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.check.Progress;
import io.ackgate.simulation.metadata.MetadataClient;
import io.ackgate.simulation.metadata.SimMetadata;
import io.ackgate.simulation.network.GatewayEnd;
import io.ackgate.simulation.network.SimNetwork;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a gateway process: the real hosts of its partitions, and what arrives for them. It
 * ends with a crash; what starts afterwards is another one.
 */
public final class SimGateway implements GatewayEnd, MetadataClient {
    private static final long MILLIS = 1_000_000;

    private final int machine;
    private final GatewaySession session;
    private final SkewedClock clock;
    private final Invariants invariants;
    private final Story story;
    private final Map<PartitionId, SimHost> hosts = new LinkedHashMap<>();
    private final Backlog backlog = new Backlog();
    private final Callers callers;
    private final CatchUpTurns turns = new CatchUpTurns();
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
        this.invariants = invariants;
        this.story = story;
        this.callers = new Callers(this, invariants, story);
        HostSettings pauses = new HostSettings(5 * MILLIS, 200 * MILLIS, metadata.timeoutNanos());
        Surroundings around =
                new Surroundings(
                        this,
                        clock,
                        network,
                        metadata,
                        invariants,
                        story,
                        callers,
                        turns,
                        openStreams);
        settings.forEach(
                (id, of) -> {
                    hosts.put(id, new SimHost(id, of, pauses, budget, around));
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
                    stepAll(new HostInput.Opened(node, stream));
                });
    }

    @Override
    public void closed(NodeId node, long stream) {
        whenRunning(
                () -> {
                    story.tell(() -> this + " <- stream " + stream + " to " + node + " is gone");
                    openStreams.remove(node, stream);
                    stepAll(new HostInput.Closed(node, stream));
                });
    }

    @Override
    public void answered(NodeId node, long stream, StorageAnswer answer) {
        whenRunning(
                () ->
                        host(answer.partition())
                                .answered(new PartitionInput.Answered(node, stream, answer)));
    }

    @Override
    public void observed(PartitionId partition, long version, PartitionState state) {
        step(partition, new HostInput.Observed(version, state));
    }

    /** Something happens to one of its partitions. */
    public void step(PartitionId partition, HostInput input) {
        whenRunning(() -> host(partition).step(input));
    }

    /** It takes a partition over, whichever gateway has it and whatever the rules say. */
    public void takeOver(PartitionId partition) {
        whenRunning(
                () -> {
                    HostInput input = new HostInput.TakeOver();
                    story.tell(() -> this + " <- p" + partition.partition() + " " + input);
                    host(partition).step(input);
                });
    }

    /** An operator asks it for a leader, in sync or not; it holds the only lease. */
    public void electUnclean(PartitionId partition, Mandate mandate) {
        whenRunning(
                () -> {
                    host(partition).step(new HostInput.Live(Set.of(session)));
                    host(partition).step(new HostInput.ElectUnclean(1, mandate));
                });
    }

    /** A moment of the gateway's own timer; late when the process stands still. */
    public void tick() {
        whenRunning(() -> stepAll(new HostInput.Tick()));
    }

    /** These gateways hold a lease, this one among them. */
    public void live(Set<GatewaySession> gateways) {
        whenRunning(() -> stepAll(new HostInput.Live(gateways)));
    }

    /** It holds no lease any more. */
    public void leaseLost(String reason) {
        whenRunning(() -> stepAll(new HostInput.LeaseLost(reason)));
    }

    /** The topic's settings have changed. */
    public void reconfigured(PartitionId partition, PartitionSettings settings) {
        whenRunning(
                () -> {
                    story.tell(
                            () ->
                                    "%s <- p%d min.insync.replicas %d, %s"
                                            .formatted(
                                                    this,
                                                    partition.partition(),
                                                    settings.minInsyncReplicas(),
                                                    settings.replica().durability()));
                    invariants.reconfigured(session, partition, settings.minInsyncReplicas());
                    host(partition).step(new HostInput.Configured(settings));
                });
    }

    /** A producer's request arrives. */
    public void produce(
            Attempt attempt, long waitNanos, boolean tracked, Consumer<ProduceOutcome> answer) {
        whenRunning(
                () -> {
                    invariants.arrived(attempt, session);
                    SimHost host = host(attempt.batch().partition());
                    String refusal = host.admit();
                    long deadline = clock.nanos() + waitNanos;
                    long token =
                            callers.add(
                                    new Caller.OfProduce(
                                            attempt, new Progress(), deadline, answer));
                    story.tell(() -> this + " <- produce " + attempt.batch());
                    if (refusal != null) {
                        callers.complete(token, refused(refusal), host.status());
                        return;
                    }
                    host.request(
                            new PartitionInput.Produce(
                                    token,
                                    attempt.batch().frame(),
                                    attempt.batch().acks(),
                                    deadline,
                                    tracked,
                                    clock.millis()));
                });
    }

    private static ProduceOutcome refused(String reason) {
        return new ProduceOutcome.Failed(
                ErrorCode.NOT_LEADER_OR_FOLLOWER, WriteStatus.NOT_WRITTEN, reason);
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
                    String refusal = host(partition).admit();
                    long deadline = clock.nanos() + waitNanos;
                    long token =
                            callers.add(new Caller.OfFetch(partition, offset, deadline, answer));
                    taken.accept(token);
                    read(
                            partition,
                            refusal,
                            new PartitionInput.Fetch(token, offset, maxBytes, minBytes, deadline));
                });
    }

    /** The client that waits for a fetch is gone. */
    public void cancelFetch(long token) {
        whenRunning(
                () -> {
                    PartitionId partition = callers.cancelFetch(token);
                    if (partition != null) {
                        host(partition).step(new HostInput.Cancel(token));
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
                    String refusal = host(partition).admit();
                    long deadline = clock.nanos() + waitNanos;
                    long token =
                            callers.add(
                                    new Caller.OfPosition(
                                            partition,
                                            invariants.asked(
                                                    session, partition, position, timestampMillis),
                                            deadline,
                                            answer));
                    read(
                            partition,
                            refusal,
                            new PartitionInput.ListOffset(
                                    token, position, timestampMillis, deadline));
                });
    }

    private void read(
            PartitionId partition, @Nullable String refusal, PartitionInput.Request request) {
        if (refusal == null) {
            host(partition).request(request);
        } else {
            callers.reply(request.token(), new FetchOutcome.Unavailable(refusal));
        }
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
        return host(partition).status();
    }

    private SimHost host(PartitionId id) {
        SimHost host = hosts.get(id);
        if (host == null) {
            throw new IllegalArgumentException("no such partition: " + id);
        }
        return host;
    }

    private void stepAll(HostInput input) {
        hosts.values().forEach(host -> host.step(input));
    }

    @Override
    public String toString() {
        return "gw-" + session;
    }
}
