package io.ackgate.storage.engine;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.journal.Journal;
import io.ackgate.storage.log.PartitionLog;
import io.ackgate.storage.log.ReadPlan;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All replicas of one data directory.
 *
 * <p>Run by one thread at a time, and deterministic: time is an argument (of {@link NodeTime} the
 * later answer, where it is one number), files are behind {@link Disk}, and what may take long is
 * handed out, see {@link EngineInput} and {@link EngineEffect}.
 */
public final class StorageEngine {
    private final EngineContext context;
    private final ReplicaRequests requests;
    private final Maintenance maintenance;
    private final List<String> notes;

    private final StalledRequests stalled = new StalledRequests();
    private boolean syncUnderWay;
    private boolean backgroundWorkUnderWay;
    private boolean closed;

    StorageEngine(EngineContext context, Maintenance maintenance, List<String> notes) {
        this.context = context;
        this.requests = new ReplicaRequests(context);
        this.maintenance = maintenance;
        this.notes = List.copyOf(notes);
    }

    /**
     * Recovers a data directory and makes it ready for use. Everything that is reported afterwards
     * is durable. The directory must belong to this node, see {@link IdentityCookie}.
     *
     * @throws IOException if the disk fails, or is too full to write what recovery has to; nothing
     *     is lost by trying again
     */
    public static StorageEngine open(Disk disk, EngineSettings settings, Boot boot, long nowMillis)
            throws IOException {
        return Opening.open(disk, settings, boot, nowMillis);
    }

    /** What recovery found that an operator should know, in sentences. */
    public List<String> notes() {
        return notes;
    }

    /**
     * Takes one input.
     *
     * @param nowMillis since 1970, {@link NodeTime#latestMillis}
     */
    public void step(EngineInput input, long nowMillis, EngineEffects effects) {
        switch (input) {
            case EngineInput.Request request -> handle(request, nowMillis, effects);
            case EngineInput.TurnEnded _ -> flush(nowMillis, effects);
            case EngineInput.SyncWanted _ -> startSync(effects);
            case EngineInput.WorkWanted(int freeReaders) -> startWork(freeReaders, effects);
            case EngineInput.SyncDone(Sync sync) -> syncDone(sync, nowMillis, effects);
            case EngineInput.BackgroundWorkDone(BackgroundWork backgroundWork) ->
                    backgroundWorkDone(backgroundWork, nowMillis, effects);
            case EngineInput.LookupDone(Lookup lookup) -> lookupDone(lookup, effects);
            case EngineInput.SessionClosed(StreamSession session) -> sessionClosed(session);
            case EngineInput.Tick(NodeTime now) -> tick(now, effects);
        }
    }

    private void startSync(EngineEffects effects) {
        Sync sync = beginSync();
        if (sync != null) {
            effects.take(new EngineEffect.StartSync(sync));
        }
    }

    private void startWork(int freeReaders, EngineEffects effects) {
        BackgroundWork backgroundWork = beginBackgroundWork();
        if (backgroundWork != null) {
            effects.take(new EngineEffect.StartBackgroundWork(backgroundWork));
        }
        Lookup lookup = freeReaders > 0 ? beginLookup() : null;
        for (int free = freeReaders - 1; lookup != null; free--) {
            effects.take(new EngineEffect.StartLookup(lookup));
            lookup = free > 0 ? beginLookup() : null;
        }
        Lookup piece = beginScrub();
        if (piece != null) {
            effects.take(new EngineEffect.StartScrub(piece));
        }
    }

    void handle(EngineInput.Request received, long nowMillis, Answers out) {
        if (mustWait(received.request())) {
            stalled.add(received);
        } else {
            handleNow(received, nowMillis, out);
            handleAgain(nowMillis, out);
        }
    }

    private void handleNow(EngineInput.Request received, long nowMillis, Answers out) {
        StorageRequest request = received.request();
        if (context.journal().failed()) {
            FailedJournal.answer(context, requests, received, nowMillis, out);
            received.settled().run();
            return;
        }
        Replica replica = context.replicas().get(request.partition());
        if (!requests.handle(received.session(), request, nowMillis, out)) {
            Objects.requireNonNull(replica).defer(received);
        } else if (changesNothing(request)) {
            received.settled().run();
        } else {
            context.whenWritten(received.settled());
        }
    }

    private static boolean changesNothing(StorageRequest request) {
        return request instanceof StorageRequest.Query
                || request instanceof StorageRequest.AdvanceHighWatermark;
    }

    /**
     * Whether a request has to wait for room. A fence and the like, and what needs no journal, does
     * not wait behind appends of other partitions, but keeps its place in its own.
     */
    private boolean mustWait(StorageRequest request) {
        if (changesNothing(request)) {
            return false;
        }
        boolean behind =
                journalsFrame(request) ? !stalled.isEmpty() : stalled.has(request.partition());
        return behind || lacksRoom(request);
    }

    /** Whether the journal, or memory, has no room for a request now, but soon. */
    private boolean lacksRoom(StorageRequest request) {
        return !context.journal().failed()
                && ((journalsFrame(request) && context.journal().full())
                        || (!maintenance.roomFor(request) && maintenance.roomComing()));
    }

    private boolean journalsFrame(StorageRequest request) {
        Replica replica = context.replicas().get(request.partition());
        return request instanceof StorageRequest.Append && replica != null && replica.journaled();
    }

    /**
     * Handles what has waited for a replica's change to end. It came before anything that waits for
     * a journal file, and keeps its place if it has to wait for one too.
     */
    private void handleAgain(long nowMillis, Answers out) {
        ArrayDeque<EngineInput.Request> waiting = new ArrayDeque<>();
        EngineInput.Request next = context.takeAgain();
        while (next != null) {
            if (!waiting.isEmpty() || lacksRoom(next.request())) {
                waiting.push(next);
            } else {
                handleNow(next, nowMillis, out);
            }
            next = context.takeAgain();
        }
        waiting.forEach(stalled::addFirst);
    }

    private void handleStalled(long nowMillis, Answers out) {
        handleAgain(nowMillis, out);
        EngineInput.Request first = stalled.peek();
        while (first != null && !lacksRoom(first.request())) {
            handleNow(stalled.remove(), nowMillis, out);
            handleAgain(nowMillis, out);
            first = stalled.peek();
        }
    }

    void flush(long nowMillis, Answers out) {
        handleStalled(nowMillis, out);
        context.flush(nowMillis, out);
    }

    void sessionClosed(StreamSession session) {
        stalled.sessionClosed(session);
        context.lookups().sessionClosed(session);
        context.replicas().values().forEach(replica -> replica.sessionClosed(session));
    }

    /** What waits to be synced; null if there is nothing or a sync is under way. */
    @Nullable Sync beginSync() {
        Sync sync = syncUnderWay ? null : context.beginSync();
        syncUnderWay |= sync != null;
        return sync;
    }

    void syncDone(Sync sync, long nowMillis, Answers out) {
        syncUnderWay = false;
        context.endSync();
        if (context.journal().done(sync.journalSync())) {
            sync.waiters().durable(nowMillis, out);
        } else {
            syncFailed(sync, out);
        }
        handleStalled(nowMillis, out);
    }

    private void syncFailed(Sync sync, Answers out) {
        maintenance.journalFailed();
        Set<Replica> lost = sync.waiters().replicas();
        if (context.journal().failed()) {
            lost.addAll(context.replicas().values());
        }
        String detail = "syncing the journal: " + sync.journalSync().failure();
        lost.forEach(replica -> replica.fail(Fault.IO_ERROR, detail, out));
        sync.waiters().failed(out);
        if (context.journal().failed()) {
            context.abandonGathering().failed(out);
        }
    }

    /** Work on files that waits to be done; null if there is none or some is under way. */
    @Nullable BackgroundWork beginBackgroundWork() {
        BackgroundWork.Work work = backgroundWorkUnderWay ? null : maintenance.next();
        backgroundWorkUnderWay |= work != null;
        return work == null ? null : new BackgroundWork(work);
    }

    void backgroundWorkDone(BackgroundWork backgroundWork, long nowMillis, Answers out) {
        backgroundWorkUnderWay = false;
        backgroundWork.done(nowMillis, out);
        handleStalled(nowMillis, out);
    }

    /** A look into files that waits; null if there is none or all readers are at work. */
    @Nullable Lookup beginLookup() {
        return context.lookups().begin();
    }

    /** A piece of a log to be scrubbed; null if it is not time, or one is under way. */
    @Nullable Lookup beginScrub() {
        return context.scrubber().begin();
    }

    void lookupDone(Lookup lookup, Answers out) {
        lookup.done(out);
    }

    void tick(NodeTime now, Answers out) {
        maintenance.timeIs(now);
        if (!context.journal().failed()) {
            maintenance.tick(now, out);
        }
        context.scrubber().tick(now, out);
        flush(now.latestMillis(), out);
    }

    /** The time by the last checkpoint, milliseconds since 1970; see {@link NodeClock}. */
    public long knownMillis() {
        return maintenance.knownMillis();
    }

    /** Whether nothing is under way or waiting. */
    public boolean idle() {
        return !syncUnderWay
                && !backgroundWorkUnderWay
                && stalled.isEmpty()
                && context.lookups().idle()
                && !context.scrubber().underWay()
                && context.journal().settled()
                && !context.unflushed()
                && !maintenance.busy();
    }

    /** Whether the journal cannot be written at present; all replicas are faulty then. */
    public boolean failed() {
        return context.journal().failed();
    }

    /** Whether appends are refused because the disk is full. */
    public boolean diskFull() {
        return maintenance.diskFull();
    }

    /** All replicas. */
    public List<ReplicaStatus> describe() {
        List<ReplicaStatus> statuses = new ArrayList<>();
        for (Replica replica : context.replicas().values()) {
            if (!replica.absent()) {
                statuses.add(replica.status());
            }
        }
        return statuses;
    }

    /** One replica; null if it is missing. */
    public @Nullable ReplicaStatus describe(PartitionId partition) {
        Replica replica = context.replicas().get(partition);
        return replica == null || replica.absent() ? null : replica.status();
    }

    /**
     * What a replica holds from an offset on, without a look at the session: for tests and checks,
     * not for those who read.
     *
     * @return null if there is no such replica, or none that can be used
     */
    public ReadPlan.@Nullable Result inspect(PartitionId partition, long offset, int maxBytes)
            throws IOException {
        Replica replica = context.replicas().get(partition);
        PartitionLog log = replica == null ? null : replica.usableLog();
        if (log == null) {
            return null;
        }
        ReadPlan plan = log.plan(offset, maxBytes, log.logEnd());
        return plan == null ? ReadPlan.Result.EMPTY : plan.execute();
    }

    /** How far the search for rot is. */
    public ScrubStatus scrub() {
        return context.scrubber().status();
    }

    /** The next of what an operator should know, as a sentence; null if there is nothing more. */
    public @Nullable String takeNews() {
        return context.takeNews();
    }

    /** Bytes of the journal that a start would have to read. */
    public long journalBytes() {
        return maintenance.journalBytes();
    }

    Journal journal() {
        return context.journal();
    }

    /**
     * Shuts down in good order: everything is synced, and the next start need not recover. No sync,
     * no background work and no look may be under way; looks that wait are dropped.
     *
     * @throws IOException if that fails; the next start recovers
     */
    public void close(long nowMillis, EngineEffects out) throws IOException {
        boolean looks = context.lookups().underWay() || context.scrubber().underWay();
        if (syncUnderWay || backgroundWorkUnderWay || looks) {
            throw new IllegalStateException(
                    "close while a sync, background work or look is under way");
        }
        if (!closed) {
            closed = true;
            drain(nowMillis, out);
            maintenance.close(nowMillis, out);
        }
    }

    private void drain(long nowMillis, Answers out) {
        context.flush(nowMillis, out);
        boolean more = true;
        while (more) {
            BackgroundWork backgroundWork = maintenance.nextForClose();
            if (backgroundWork != null) {
                backgroundWork.run();
                backgroundWorkDone(backgroundWork, nowMillis, out);
            }
            Sync sync = beginSync();
            if (sync != null) {
                sync.run();
                syncDone(sync, nowMillis, out);
            }
            more = backgroundWork != null || sync != null;
        }
    }
}
