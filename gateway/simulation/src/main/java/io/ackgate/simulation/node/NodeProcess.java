package io.ackgate.simulation.node;

import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.ReplicaView;
import io.ackgate.simulation.check.Violation;
import io.ackgate.simulation.network.SimStream;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.engine.NodeClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of a storage node's process: the engine, what arrives for it, and the work beside its
 * thread. Once it has ended nothing of it happens any more.
 */
final class NodeProcess {
    private static final long TICK_NANOS = 50 * Timeline.MILLIS;
    private static final long TYPICAL_READ_NANOS = Timeline.MILLIS / 10;

    private record Answer(StreamSession to, StorageAnswer body) {}

    private final SimNode node;
    private final NodeId id;
    private final StorageCore core;
    private final Surroundings around;
    private final NodeClock clock;
    private final Map<StreamSession, SimStream> streams = new LinkedHashMap<>();
    private final ArrayDeque<Runnable> backlog = new ArrayDeque<>();
    private final Lane syncs;
    private final Lane upkeep;

    /** Two readers, so that reads may overtake each other. */
    private final List<Lane> readers;

    /** Has dice of its own, so that worlds are what they would be without it. */
    private final Lane scrubs;

    private boolean paused;
    private boolean closing;
    private boolean ended;

    NodeProcess(SimNode node, StorageCore core, Surroundings around) {
        this.node = node;
        this.id = node.id();
        this.core = core;
        this.around = around;
        this.clock =
                new NodeClock(around.clock()::millis, around.clock()::nanos, core.knownMillis());
        this.syncs = lane(core::beginSync);
        this.upkeep = lane(core::beginUpkeep);
        this.readers = List.of(reader(core), reader(core));
        this.scrubs = reader(core::beginScrub, new Dice(id.value()));
    }

    private Lane lane(Supplier<StorageCore.@Nullable Work> source) {
        return new Lane(around.timeline(), around.dice(), source, node::syncNanos, this::finish);
    }

    private Lane reader(StorageCore from) {
        return reader(from::beginLookup, around.dice());
    }

    private Lane reader(Supplier<StorageCore.@Nullable Work> source, Dice dice) {
        return new Lane(around.timeline(), dice, source, () -> TYPICAL_READ_NANOS, this::finish);
    }

    /** It has started: time passes for it, and work begins. */
    void begin() {
        around.timeline().every(TICK_NANOS, this::tick);
        pump();
    }

    private boolean tick() {
        if (ended) {
            return false;
        }
        if (core.hasFailed() && !paused) {
            node.hasFailed();
            return false;
        }
        whenRunning(() -> step(null, (running, answers) -> running.tick(clock.now(), answers)));
        return true;
    }

    /** It is gone, with all that it knew. */
    void end() {
        ended = true;
        syncs.drop();
        upkeep.drop();
        readers.forEach(Lane::drop);
        scrubs.drop();
        backlog.clear();
    }

    /** Shuts the engine down in good order; {@link #end} comes next. */
    void close() throws IOException {
        resume();
        closing = true;
        hurry(syncs);
        hurry(upkeep);
        readers.forEach(this::hurry);
        hurry(scrubs);
        core.close(clock.now().latestMillis(), (to, answer) -> {});
    }

    private void hurry(Lane lane) {
        StorageCore.Work work = lane.hurry();
        if (work != null) {
            step(null, (running, answers) -> work.done(clock.now().latestMillis(), answers));
        }
    }

    void pause() {
        paused = true;
        around.story().tell(() -> id + "       stands still");
    }

    void resume() {
        if (paused) {
            paused = false;
            around.story().tell(() -> id + "       goes on");
            while (!paused && !backlog.isEmpty()) {
                backlog.remove().run();
            }
        }
    }

    private void whenRunning(Runnable action) {
        if (paused) {
            backlog.add(action);
        } else if (!ended) {
            action.run();
        }
    }

    // ---- what arrives

    void handle(SimStream from, StorageRequest request) {
        whenRunning(
                () -> {
                    streams.put(from.session(), from);
                    around.story()
                            .tell(() -> id + "    <- " + Told.request(from.session(), request));
                    allowCuts(request);
                    step(
                            request.partition(),
                            (running, answers) ->
                                    running.handle(
                                            from.session(),
                                            request,
                                            clock.now().latestMillis(),
                                            answers));
                    flush();
                });
    }

    /** Only these may make a log shorter. */
    private void allowCuts(StorageRequest request) {
        switch (request) {
            case StorageRequest.Join join ->
                    around.invariants().mayCut(join.partition(), id, join.truncateTo());
            case StorageRequest.Restart restart ->
                    around.invariants().mayCut(restart.partition(), id, 0);
            case StorageRequest.Assign assign ->
                    around.invariants().mayCut(assign.partition(), id, 0);
            case StorageRequest.Delete delete ->
                    around.invariants().mayCut(delete.partition(), id, 0);
            case StorageRequest.Fence fence -> {}
            case StorageRequest.Append append -> {}
            case StorageRequest.AdvanceHighWatermark advance -> {}
            case StorageRequest.Configure configure -> {}
            case StorageRequest.Query query -> {}
        }
    }

    void closed(SimStream stream) {
        whenRunning(
                () -> {
                    core.sessionClosed(stream.session());
                    streams.remove(stream.session());
                });
    }

    // ---- steps

    private interface Step {
        void take(StorageCore running, StorageCore.Answers answers);
    }

    /** One step of the engine, looked at from all sides before its answers leave. */
    private void step(@Nullable PartitionId touched, Step step) {
        List<Answer> answers = new ArrayList<>();
        try {
            step.take(
                    core,
                    (to, answer) ->
                            answers.add(new Answer(to, around.veterans().completed(answer))));
        } catch (RuntimeException e) {
            throw e instanceof Violation
                    ? e
                    : new Violation(Invariant.NO_INTERNAL_ERROR, id + " failed: " + e, e);
        }
        Set<PartitionId> changed = new LinkedHashSet<>();
        if (touched == null) {
            changed.addAll(node.partitions());
        } else {
            changed.add(touched);
        }
        answers.forEach(answer -> changed.add(answer.body().partition()));
        for (PartitionId partition : changed) {
            around.invariants()
                    .replicaStepped(
                            partition, id, view(partition), offset -> frames(partition, offset));
        }
        for (Answer answer : answers) {
            around.story().tell(() -> id + "    -> " + Told.answer(answer.to(), answer.body()));
            around.invariants().answers(id, answer.to(), answer.body());
            around.probe().answered(node, answer.body());
            SimStream stream = streams.get(answer.to());
            if (stream != null) {
                stream.answer(answer.body());
            }
        }
        pump();
    }

    private void pump() {
        if (!closing && !ended) {
            syncs.pump();
            upkeep.pump();
            readers.forEach(Lane::pump);
            scrubs.pump();
        }
    }

    private void finish(Lane lane, StorageCore.Work work) {
        whenRunning(
                () -> {
                    lane.done(work);
                    step(
                            null,
                            (running, answers) -> work.done(clock.now().latestMillis(), answers));
                });
    }

    /** Answers that wait for no sync leave now, or after whatever arrives in between. */
    private void flush() {
        if (around.dice().chance(0.8)) {
            flushNow();
        } else {
            around.timeline()
                    .after(around.dice().around(200_000), () -> whenRunning(this::flushNow));
        }
    }

    private void flushNow() {
        step(null, (running, answers) -> running.flush(clock.now().latestMillis(), answers));
    }

    // ---- what the checks see

    @Nullable ReplicaView view(PartitionId partition) {
        return core.view(partition);
    }

    ByteBuffer frames(PartitionId partition, long offset) {
        return core.framesFrom(partition, offset);
    }
}
