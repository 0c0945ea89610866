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
import io.ackgate.storage.engine.EngineEffect;
import io.ackgate.storage.engine.EngineInput;
import io.ackgate.storage.engine.NodeClock;
import io.ackgate.storage.engine.NodeTime;
import io.ackgate.storage.engine.StorageEngine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final OpenEngine open;
    private final StorageEngine engine;
    private final Surroundings around;
    private final NodeClock clock;
    private final Map<StreamSession, SimStream> streams = new LinkedHashMap<>();
    private final ArrayDeque<Runnable> backlog = new ArrayDeque<>();
    private final Lane syncs;
    private final Lane backgroundWork;

    /** Two readers, so that reads may overtake each other. */
    private final List<Lane> readers;

    /** Has dice of its own, so that worlds are what they would be without it. */
    private final Lane scrubs;

    private boolean paused;
    private boolean closing;
    private boolean ended;

    NodeProcess(SimNode node, OpenEngine open, Surroundings around) {
        this.node = node;
        this.id = node.id();
        this.open = open;
        this.engine = open.engine();
        this.around = around;
        this.clock =
                new NodeClock(around.clock()::millis, around.clock()::nanos, engine.knownMillis());
        this.syncs = lane();
        this.backgroundWork = lane();
        this.readers = List.of(reader(around.dice()), reader(around.dice()));
        this.scrubs = reader(new Dice(id.value()));
    }

    private Lane lane() {
        return new Lane(around.timeline(), around.dice(), node::syncNanos, this::finish);
    }

    private Lane reader(Dice dice) {
        return new Lane(around.timeline(), dice, () -> TYPICAL_READ_NANOS, this::finish);
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
        if (engine.failed() && !paused) {
            node.hasFailed();
            return false;
        }
        whenRunning(this::tickNow);
        return true;
    }

    private void tickNow() {
        NodeTime now = clock.now();
        step(null, new EngineInput.Tick(now), now.latestMillis());
    }

    /** It is gone, with all that it knew. */
    void end() {
        ended = true;
        syncs.drop();
        backgroundWork.drop();
        readers.forEach(Lane::drop);
        scrubs.drop();
        backlog.clear();
    }

    /** Shuts the engine down in good order; {@link #end} comes next. */
    void close() throws IOException {
        resume();
        closing = true;
        hurry(syncs);
        hurry(backgroundWork);
        readers.forEach(this::hurry);
        hurry(scrubs);
        engine.close(clock.now().latestMillis(), effect -> {});
    }

    private void hurry(Lane lane) {
        Lane.Work work = lane.hurry();
        if (work != null) {
            step(null, work.done());
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
                            .tell(
                                    () ->
                                            id
                                                    + "    <- "
                                                    + StoryText.request(from.session(), request));
                    allowCuts(request);
                    step(
                            request.partition(),
                            new EngineInput.Request(from.session(), request, () -> {}));
                    flush();
                });
    }

    /** Only these may make a log shorter. */
    private void allowCuts(StorageRequest request) {
        switch (request) {
            case StorageRequest.Reconcile reconcile ->
                    around.invariants().mayCut(reconcile.partition(), id, reconcile.truncateTo());
            case StorageRequest.TruncateFullyAndStartAt truncate ->
                    around.invariants().mayCut(truncate.partition(), id, 0);
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
                    engine.step(
                            new EngineInput.SessionClosed(stream.session()),
                            clock.now().latestMillis(),
                            this::carryOut);
                    streams.remove(stream.session());
                });
    }

    // ---- steps

    private void step(@Nullable PartitionId touched, EngineInput input) {
        step(touched, input, clock.now().latestMillis());
    }

    /** One step of the engine, looked at from all sides before its answers leave. */
    private void step(@Nullable PartitionId touched, EngineInput input, long nowMillis) {
        List<Answer> answers = new ArrayList<>();
        try {
            engine.step(
                    input,
                    nowMillis,
                    effect -> {
                        if (effect instanceof EngineEffect.Answer(var to, var answer)) {
                            answers.add(new Answer(to, around.veterans().completed(answer)));
                        } else {
                            carryOut(effect);
                        }
                    });
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
            around.story()
                    .tell(() -> id + "    -> " + StoryText.answer(answer.to(), answer.body()));
            around.invariants().answers(id, answer.to(), answer.body());
            around.probe().answered(node, answer.body());
            SimStream stream = streams.get(answer.to());
            if (stream != null) {
                stream.answer(answer.body());
            }
        }
        pump();
    }

    /** Has the engine begin what it can, on the lanes that are free. */
    private void pump() {
        if (!closing && !ended) {
            long nowMillis = clock.now().latestMillis();
            int free = (int) readers.stream().filter(Lane::isFree).count();
            engine.step(EngineInput.SYNC_WANTED, nowMillis, this::carryOut);
            engine.step(new EngineInput.WorkWanted(free), nowMillis, this::carryOut);
        }
    }

    private void carryOut(EngineEffect effect) {
        switch (effect) {
            case EngineEffect.Answer answer ->
                    throw new IllegalStateException("answers out of turn: " + answer);
            case EngineEffect.StartSync(var sync) ->
                    syncs.begin(new Lane.Work(sync::run, new EngineInput.SyncDone(sync)));
            case EngineEffect.StartBackgroundWork(var work) ->
                    backgroundWork.begin(
                            new Lane.Work(work::run, new EngineInput.BackgroundWorkDone(work)));
            case EngineEffect.StartLookup(var look) ->
                    freeReader().begin(new Lane.Work(look::run, new EngineInput.LookupDone(look)));
            case EngineEffect.StartScrub(var piece) ->
                    scrubs.begin(new Lane.Work(piece::run, new EngineInput.LookupDone(piece)));
        }
    }

    private Lane freeReader() {
        return readers.stream().filter(Lane::isFree).findFirst().orElseThrow();
    }

    private void finish(Lane lane, Lane.Work work) {
        whenRunning(
                () -> {
                    lane.done(work);
                    step(null, work.done());
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
        step(null, EngineInput.TURN_ENDED);
    }

    // ---- what the checks see

    @Nullable ReplicaView view(PartitionId partition) {
        return open.view(partition);
    }

    ByteBuffer frames(PartitionId partition, long offset) {
        return open.framesFrom(partition, offset);
    }
}
