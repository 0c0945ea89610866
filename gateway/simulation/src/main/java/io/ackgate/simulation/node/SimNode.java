package io.ackgate.simulation.node;

import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.check.ReplicaView;
import io.ackgate.simulation.check.Violation;
import io.ackgate.simulation.disk.SimDisk;
import io.ackgate.simulation.network.NodeEnd;
import io.ackgate.simulation.network.SimStream;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A storage node's machine: its disk, its clock, and at most one process that runs the engine. */
public final class SimNode implements NodeEnd {
    private static final long TICK_NANOS = 50 * Timeline.MILLIS;

    private record Answer(StreamSession to, StorageAnswer body) {}

    /** A request, and the stream that it came on. */
    private record Received(SimStream from, StorageRequest.Join join) {}

    private final NodeId id;
    private final Timeline timeline;
    private final Dice dice;
    private final SkewedClock clock;
    private final SimDisk disk;
    private final CoreFactory factory;
    private final Invariants invariants;
    private final PowerLossProbe probe;
    private final Story story;
    private final List<PartitionId> partitions;
    private final Map<StreamSession, SimStream> streams = new LinkedHashMap<>();
    private final ArrayDeque<Runnable> backlog = new ArrayDeque<>();
    private final List<Received> joins = new ArrayList<>();
    private final Lane syncs;
    private final Lane upkeep;
    private @Nullable StorageCore core;
    private int run;
    private long boot = 1;
    private long syncNanos;
    private boolean paused;
    private boolean closing;
    private Consumer<SimNode> failed = node -> {};
    private Interceptor interceptor = (from, request) -> true;

    /**
     * Looks at every request before the node does; for stories that need one to come at its time.
     */
    public interface Interceptor {
        /** False keeps the request from the node, for now or for ever. */
        boolean passes(SimStream from, StorageRequest request);
    }

    public SimNode(
            NodeId id,
            Timeline timeline,
            Dice dice,
            SkewedClock clock,
            CoreFactory factory,
            Invariants invariants,
            PowerLossProbe probe,
            Story story,
            List<PartitionId> partitions,
            long syncNanos) {
        this.id = id;
        this.timeline = timeline;
        this.dice = dice;
        this.clock = clock;
        this.disk = new SimDisk(dice.split());
        this.factory = factory;
        this.invariants = invariants;
        this.probe = probe;
        this.story = story;
        this.partitions = List.copyOf(partitions);
        this.syncNanos = syncNanos;
        this.syncs = new Lane(timeline, dice, this::nextSync, () -> this.syncNanos, this::syncDone);
        this.upkeep =
                new Lane(timeline, dice, this::nextUpkeep, () -> this.syncNanos, this::upkeepDone);
    }

    private void syncDone(StorageCore.Work work) {
        finish(syncs, work);
    }

    private void upkeepDone(StorageCore.Work work) {
        finish(upkeep, work);
    }

    @Override
    public NodeId id() {
        return id;
    }

    @Override
    public int run() {
        return run;
    }

    @Override
    public boolean isUp() {
        return core != null;
    }

    public SimDisk disk() {
        return disk;
    }

    /** The partitions that may have a replica here. */
    public List<PartitionId> partitions() {
        return partitions;
    }

    /** How long one fsync takes, typically. */
    public void setSyncNanos(long nanos) {
        syncNanos = nanos;
    }

    // ---- life and death of the process

    /** Starts the process; false if its disk does not let it. */
    public boolean start() {
        run++;
        try {
            core = factory.open(id, disk, boot, clock.millis());
        } catch (IOException e) {
            disk.closeHandles();
            story.tell(() -> id + "       does not start: " + e.getMessage());
            return false;
        } catch (RuntimeException e) {
            throw new Violation(Invariant.NO_INTERNAL_ERROR, id + " cannot start", e);
        }
        StorageCore started = core;
        story.tell(
                () ->
                        id
                                + "       starts"
                                + (started.notes().isEmpty() ? "" : " " + started.notes()));
        for (PartitionId partition : partitions) {
            invariants.replicaRestarted(
                    partition, id, view(partition), offset -> frames(partition, offset));
        }
        int thisRun = run;
        timeline.every(TICK_NANOS, () -> run == thisRun && isUp() && tick());
        pump();
        return true;
    }

    private boolean tick() {
        StorageCore running = core;
        if (running != null && running.hasFailed() && !paused) {
            failed.accept(this);
            return false;
        }
        whenRunning(() -> step(null, (current, answers) -> current.tick(clock.millis(), answers)));
        return true;
    }

    /** The process is killed: what it wrote is still in the page cache. */
    public void crashProcess() {
        stop("is killed");
        disk.closeHandles();
    }

    /** The process is asked to end, and does so in good order. */
    public void stopCleanly() {
        resume();
        StorageCore running = core;
        if (running != null) {
            closing = true;
            hurry(syncs);
            hurry(upkeep);
            try {
                running.close(clock.millis(), (to, answer) -> {});
            } catch (IOException e) {
                story.tell(() -> id + "       is not shut down in good order: " + e.getMessage());
            }
        }
        stop("is shut down");
        disk.closeHandles();
    }

    private void hurry(Lane lane) {
        StorageCore.Work work = lane.hurry();
        if (work != null) {
            step(null, (running, answers) -> work.done(clock.millis(), answers));
        }
    }

    /** The machine loses its power; what was not synced survives with this probability. */
    public void losePower(double survival) {
        stop("loses power");
        boot++;
        disk.losePower(survival);
    }

    /** The machine comes back with an empty disk. */
    public void wipe() {
        stop("loses its disk");
        boot++;
        disk.wipe();
    }

    private void stop(String how) {
        story.tell(() -> id + "       " + how);
        core = null;
        run++;
        syncs.drop();
        upkeep.drop();
        paused = false;
        closing = false;
        streams.clear();
        joins.clear();
        backlog.clear();
    }

    /** The process stands still (SIGSTOP): what arrives waits. */
    public void pause() {
        paused = true;
        story.tell(() -> id + "       stands still");
    }

    public void resume() {
        if (paused) {
            paused = false;
            story.tell(() -> id + "       goes on");
            while (!paused && !backlog.isEmpty()) {
                backlog.remove().run();
            }
        }
    }

    private void whenRunning(Runnable action) {
        if (paused) {
            backlog.add(action);
        } else if (isUp()) {
            action.run();
        }
    }

    // ---- requests

    /** What is done when the process cannot go on and asks to be started again. */
    public void setFailed(Consumer<SimNode> action) {
        failed = action;
    }

    public void setInterceptor(Interceptor next) {
        interceptor = next;
    }

    @Override
    public void request(SimStream from, StorageRequest request) {
        if (interceptor.passes(from, request)) {
            handle(from, request);
        }
    }

    /**
     * Lets Joins arrive again whose streams have been given up: between a stream and its successor
     * anything may happen.
     */
    public void repeatJoins() {
        for (Received one : List.copyOf(joins)) {
            if (isUp() && one.from().isGivenUp()) {
                handle(one.from(), one.join());
            }
        }
    }

    /** Takes a request, whoever would have kept it back. */
    public void handle(SimStream from, StorageRequest request) {
        if (request instanceof StorageRequest.Join join) {
            joins.add(new Received(from, join));
            if (joins.size() > 8) {
                joins.remove(0);
            }
        }
        whenRunning(
                () -> {
                    streams.put(from.session(), from);
                    story.tell(() -> id + "    <- " + Told.request(from.session(), request));
                    allowCuts(request);
                    step(
                            request.partition(),
                            (running, answers) ->
                                    running.handle(
                                            from.session(), request, clock.millis(), answers));
                    flush();
                });
    }

    /** Only these may make a log shorter. */
    private void allowCuts(StorageRequest request) {
        switch (request) {
            case StorageRequest.Join join ->
                    invariants.mayCut(join.partition(), id, join.truncateTo());
            case StorageRequest.Restart restart -> invariants.mayCut(restart.partition(), id, 0);
            case StorageRequest.Assign assign -> invariants.mayCut(assign.partition(), id, 0);
            case StorageRequest.Delete delete -> invariants.mayCut(delete.partition(), id, 0);
            case StorageRequest.Fence fence -> {}
            case StorageRequest.Append append -> {}
            case StorageRequest.AdvanceHighWatermark advance -> {}
            case StorageRequest.Configure configure -> {}
            case StorageRequest.Query query -> {}
        }
    }

    @Override
    public void closed(SimStream stream) {
        whenRunning(
                () -> {
                    StorageCore running = core;
                    if (running != null) {
                        running.sessionClosed(stream.session());
                    }
                    streams.remove(stream.session());
                });
    }

    private interface Step {
        void take(StorageCore running, StorageCore.Answers answers);
    }

    /** One step of the engine, looked at from all sides before its answers leave. */
    private void step(@Nullable PartitionId touched, Step step) {
        StorageCore running = core;
        if (running == null) {
            return;
        }
        List<Answer> answers = new ArrayList<>();
        try {
            step.take(running, (to, answer) -> answers.add(new Answer(to, answer)));
        } catch (RuntimeException e) {
            throw e instanceof Violation
                    ? e
                    : new Violation(Invariant.NO_INTERNAL_ERROR, id + " failed: " + e, e);
        }
        Set<PartitionId> changed = new LinkedHashSet<>();
        if (touched == null) {
            changed.addAll(partitions);
        } else {
            changed.add(touched);
        }
        answers.forEach(answer -> changed.add(answer.body().partition()));
        for (PartitionId partition : changed) {
            invariants.replicaStepped(
                    partition, id, view(partition), offset -> frames(partition, offset));
        }
        for (Answer answer : answers) {
            story.tell(() -> id + "    -> " + Told.answer(answer.to(), answer.body()));
            invariants.answers(id, answer.to(), answer.body());
            probe.answered(this, answer.body());
            SimStream stream = streams.get(answer.to());
            if (stream != null) {
                stream.answer(answer.body());
            }
        }
        pump();
    }

    // ---- work beside the node's thread

    private void pump() {
        if (!closing) {
            syncs.pump();
            upkeep.pump();
        }
    }

    private StorageCore.@Nullable Work nextSync() {
        StorageCore running = core;
        return running == null ? null : running.beginSync();
    }

    private StorageCore.@Nullable Work nextUpkeep() {
        StorageCore running = core;
        return running == null ? null : running.beginUpkeep(clock.millis());
    }

    private void finish(Lane lane, StorageCore.Work work) {
        int started = run;
        whenRunning(
                () -> {
                    if (run == started) {
                        lane.done(work);
                        step(null, (running, answers) -> work.done(clock.millis(), answers));
                    }
                });
    }

    /** Answers that wait for no sync leave now, or after whatever arrives in between. */
    private void flush() {
        if (dice.chance(0.8)) {
            step(null, (running, answers) -> running.flush(clock.millis(), answers));
            return;
        }
        int started = run;
        timeline.after(
                dice.around(200_000),
                () -> {
                    if (run == started) {
                        whenRunning(
                                () ->
                                        step(
                                                null,
                                                (running, answers) ->
                                                        running.flush(clock.millis(), answers)));
                    }
                });
    }

    // ---- what the checks see

    public @Nullable ReplicaView view(PartitionId partition) {
        StorageCore running = core;
        return running == null ? null : running.view(partition);
    }

    private java.nio.ByteBuffer frames(PartitionId partition, long offset) {
        StorageCore running = core;
        return running == null
                ? java.nio.ByteBuffer.allocate(0)
                : running.framesFrom(partition, offset);
    }

    boolean isDecayed(PartitionId partition) {
        return invariants.isDecayed(partition, id);
    }

    CoreFactory factory() {
        return factory;
    }

    long boot() {
        return boot;
    }

    long nowMillis() {
        return clock.millis();
    }
}
