package io.ackgate.storage.runtime;

import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.engine.EngineEffect;
import io.ackgate.storage.engine.EngineInput;
import io.ackgate.storage.engine.Lookup;
import io.ackgate.storage.engine.NodeClock;
import io.ackgate.storage.engine.NodeTime;
import io.ackgate.storage.engine.StorageEngine;
import io.ackgate.storage.engine.Sync;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a {@link StorageEngine}: takes everything that has arrived, then hands one group commit to
 * the disk, and goes on taking while that is under way, see {@link EngineThreads}. Groups grow by
 * themselves with the load.
 *
 * <p>{@link #submit} may be called from any thread; requests of one session must come from one
 * thread at a time, or in an order that does not matter. It never blocks: a caller that reads
 * requests from a socket is told by {@code settled} when more may be read.
 */
public final class EngineLoop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EngineLoop.class.getName());
    private static final long TICK_NANOS = 50_000_000;

    /** Pause between two looks, when the loop ends, at whether its work under way has ended. */
    private static final long LOOK_NANOS = 1_000_000;

    /** After so many tasks an idle disk gets the group that there is, though more tasks wait. */
    private static final int MAX_TURN = 64;

    /** As many looks as the engine gives out. */
    private static final EngineInput WORK_WANTED = new EngineInput.WorkWanted(Integer.MAX_VALUE);

    /** A sync that has been run, and how long that took. */
    private record SyncDone(Sync sync, long nanos) {}

    private final StorageEngine engine;
    private final ClockWatch clock;
    private final LoopObserver observer;
    private final ConcurrentLinkedQueue<LoopTask> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicLong queued = new AtomicLong();
    private final Workers workers;
    private final String name;
    private final EngineThreads threads;
    private final Deliveries answers;

    /** Looked at between any two tasks: the disk does not wait until the queue is empty. */
    private volatile @Nullable SyncDone syncDone;

    private volatile long nextTick = System.nanoTime();
    private volatile Stop stop = Stop.NO;
    private int workUnderWay;

    public EngineLoop(
            String name,
            StorageEngine engine,
            LongSupplier wallMillis,
            AnswerSink listener,
            LoopObserver observer) {
        this.name = name;
        this.engine = engine;
        this.clock =
                new ClockWatch(
                        name, new NodeClock(wallMillis, System::nanoTime, engine.knownMillis()));
        this.answers = new Deliveries(listener, this::handOut);
        this.observer = observer;
        workers = new Workers(name, this::workFailed);
        threads = new EngineThreads(name, new Turns());
    }

    /** Starts the threads. To be called once. */
    public EngineLoop start() {
        threads.start();
        return this;
    }

    /** As above, for a caller that need not know when the request is settled. */
    public void submit(StreamSession session, StorageRequest request) {
        submit(session, request, () -> {});
    }

    /**
     * Hands a request over; its answers come to the listener. Nothing happens after {@link #close}.
     *
     * @param settled run once, on the engine's thread, when nothing of the request is held in
     *     memory any more: not before what it had to write is synced
     */
    public void submit(StreamSession session, StorageRequest request, Runnable settled) {
        add(new LoopTask.Input(new EngineInput.Request(session, request, settled)));
    }

    /** The stream has ended. */
    public void sessionClosed(StreamSession session) {
        add(new LoopTask.Input(new EngineInput.SessionClosed(session)));
    }

    /** Asks the engine something on its own thread. */
    public <T> CompletableFuture<T> ask(Function<StorageEngine, T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Runnable body =
                () -> {
                    try {
                        answer.complete(question.apply(engine));
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                };
        add(new LoopTask.Call(body, answer));
        if (threads.haveEnded()) {
            abandonQueue();
        }
        return answer;
    }

    /** Drops the queued tasks, and tells the callers that wait for an answer. */
    private void abandonQueue() {
        for (LoopTask task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task instanceof LoopTask.Call call) {
                call.abandon();
            }
        }
    }

    /**
     * Completed when the thread has ended: normally after {@link #close} or {@link #kill}, with the
     * reason if the engine had to give up by itself.
     */
    public CompletionStage<@Nullable Void> ended() {
        return threads.ended();
    }

    /** Requests that wait, for a gauge. */
    public long queuedRequests() {
        return queued.get();
    }

    /** By how much the wall clock has jumped, milliseconds; asked on the engine's thread. */
    public long clockJumpMillis() {
        return clock.jumpMillis();
    }

    private void add(LoopTask task) {
        queued.incrementAndGet();
        tasks.add(task);
        threads.wake();
    }

    /** What the engine's threads run. */
    private final class Turns implements EngineThreads.Engine {
        @Override
        public boolean turn() {
            boolean handled = EngineLoop.this.turn() > 0;
            long now = System.nanoTime();
            if (now - nextTick >= 0) {
                NodeTime time = clock.now();
                engine.step(new EngineInput.Tick(time), time.latestMillis(), answers);
                writeDown();
                nextTick = now + TICK_NANOS;
                handOut();
                answers.deliver();
            }
            return handled;
        }

        @Override
        public boolean waits() {
            return !tasks.isEmpty() || syncDone != null;
        }

        @Override
        public long due() {
            return nextTick;
        }

        @Override
        public boolean stopping() {
            return stop != Stop.NO;
        }

        @Override
        public void stop() throws IOException {
            finishWork();
            if (stop == Stop.CLEAN) {
                EngineLoop.this.turn();
                finishWork();
                engine.close(nowMillis(), answers);
                answers.deliver();
            }
        }

        @Override
        public void ended() {
            workers.close();
            abandonQueue();
        }
    }

    private void writeDown() {
        for (String news = engine.takeNews(); news != null; news = engine.takeNews()) {
            LOG.log(Level.WARNING, "{0}: {1}", name, news);
        }
    }

    private long nowMillis() {
        return clock.now().latestMillis();
    }

    /** Takes what is there, hands out what can be, sends what is answered. */
    private int turn() {
        long nowMillis = nowMillis();
        int handled = takeSync(nowMillis) ? 1 : 0;
        int taken = 0;
        for (LoopTask task = tasks.poll(); task != null; task = tasks.poll()) {
            taken++;
            take(task, nowMillis);
            takeSync(nowMillis);
            if (taken == MAX_TURN) {
                break;
            }
        }
        if (taken > 0) {
            queued.addAndGet(-taken);
            engine.step(EngineInput.TURN_ENDED, nowMillis, answers);
            handOut();
            answers.deliver();
        }
        return handled + taken;
    }

    /** Takes back the sync if it has been run, and gives the disk the next one at once. */
    private boolean takeSync(long nowMillis) {
        SyncDone done = syncDone;
        if (done == null) {
            return false;
        }
        syncDone = null;
        workUnderWay--;
        if (done.sync().failed()) {
            observer.syncFailed();
        } else {
            observer.synced(done.nanos(), done.sync().bytes());
        }
        engine.step(new EngineInput.SyncDone(done.sync()), nowMillis, answers);
        if (stop == Stop.NO) {
            handOut();
        }
        answers.deliver();
        return true;
    }

    private void take(LoopTask task, long nowMillis) {
        switch (task) {
            case LoopTask.Input(var input) -> take(input, nowMillis);
            case LoopTask.Call(var body, var _) -> body.run();
            case LoopTask.WorkFailed(var failure) -> {
                workUnderWay--;
                // What it has done is not known: the next start finds out.
                throw new IllegalStateException(
                        "work of the engine has failed: " + failure, failure);
            }
        }
    }

    private void take(EngineInput input, long nowMillis) {
        if (input instanceof EngineInput.WorkDone) {
            workUnderWay--;
        }
        engine.step(input, nowMillis, answers);
        if (input instanceof EngineInput.Request request
                && request.request() instanceof StorageRequest.Append append) {
            observer.appended(append.frame().remaining());
        }
    }

    private void workFailed(Throwable failure) {
        add(new LoopTask.WorkFailed(failure));
    }

    /** Has the engine begin what waits. */
    private void handOut() {
        long nowMillis = nowMillis();
        int before = workUnderWay;
        engine.step(EngineInput.SYNC_WANTED, nowMillis, answers);
        if (workUnderWay > before) {
            // What waited for the group to be taken gathers for the next one.
            engine.step(EngineInput.TURN_ENDED, nowMillis, answers);
        }
        engine.step(WORK_WANTED, nowMillis, answers);
    }

    private void handOut(EngineEffect effect) {
        switch (effect) {
            case EngineEffect.Answer(var session, var answer) -> answers.answer(session, answer);
            case EngineEffect.StartSync(var sync) -> {
                workUnderWay++;
                threads.handOut(() -> run(sync));
            }
            case EngineEffect.StartBackgroundWork(var work) -> {
                workUnderWay++;
                workers.backgroundWork(
                        () -> {
                            work.run();
                            add(new LoopTask.Input(new EngineInput.BackgroundWorkDone(work)));
                        });
            }
            case EngineEffect.StartLookup(var lookup) -> look(lookup);
            case EngineEffect.StartScrub(var piece) -> look(piece);
        }
    }

    private void look(Lookup lookup) {
        workUnderWay++;
        workers.look(
                () -> {
                    lookup.run();
                    add(new LoopTask.Input(new EngineInput.LookupDone(lookup)));
                });
    }

    private void run(Sync sync) {
        long from = System.nanoTime();
        try {
            sync.run();
            syncDone = new SyncDone(sync, System.nanoTime() - from);
        } catch (RuntimeException | Error e) {
            workFailed(e);
        }
    }

    /** Waits for what is under way; takes nothing else. */
    private void finishWork() {
        while (workUnderWay > 0) {
            if (threads.runHandedOut() || takeSync(nowMillis())) {
                continue;
            }
            LoopTask task = tasks.poll();
            if (task == null) {
                LockSupport.parkNanos(this, LOOK_NANOS);
            } else {
                takeAtTheEnd(task);
            }
        }
    }

    private void takeAtTheEnd(LoopTask task) {
        switch (task) {
            case LoopTask.Input(var input) -> {
                if (input instanceof EngineInput.WorkDone) {
                    take(input, nowMillis());
                    answers.deliver();
                } else if (input instanceof EngineInput.Request request) {
                    request.settled().run();
                }
            }
            case LoopTask.Call call -> call.abandon();
            case LoopTask.WorkFailed failed -> take(failed, nowMillis());
        }
    }

    private void stop(Stop how) {
        stop = how;
        threads.start();
        threads.wakeAll();
        try {
            threads.ended().toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "the storage engine did not stop in good order", e.getCause());
        }
    }

    /**
     * Stops in good order: what was taken is synced, and the next start need not recover.
     *
     * @throws IllegalStateException if the engine had failed or the disk does; the next start
     *     recovers
     */
    @Override
    public void close() {
        stop(Stop.CLEAN);
    }

    /** Stops as a killed process would. */
    public void kill() {
        stop(Stop.KILL);
    }
}
