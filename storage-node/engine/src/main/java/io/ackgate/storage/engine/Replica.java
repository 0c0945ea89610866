package io.ackgate.storage.engine;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.journal.JournalRecord;
import io.ackgate.storage.log.PartitionLog;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One replica of one partition: whom it obeys, what it has promised, and its log.
 *
 * <p>Every change of what is durable is made here and journaled in the same step, so that the state
 * in memory is at any moment what the checkpoint and the whole journal, synced or not, would give.
 * Only answers wait for syncs.
 */
final class Replica {
    private final EngineContext context;
    private final PartitionId partition;

    /** Promised to; grows only. */
    private int epoch;

    private Incarnation incarnation = Incarnation.NONE;
    private ReplicaSettings settings = ReplicaSettings.DEFAULTS;

    /** Null while there is none yet, or none that can be used. */
    private @Nullable PartitionLog log;

    private long logSerial;
    private @Nullable Fault fault;
    private String faultDetail = "";
    private final UnusedLog unusedLog = new UnusedLog();

    /** Its files could not be read at the start: it is not faulty, and another start finds out. */
    private boolean unread;

    /** Whether a restart will know of the fault. */
    private boolean faultJournaled = true;

    /** The greatest told; beyond the log end it counts up to there. */
    private long toldHighWatermark;

    /** The greatest that the journal or a checkpoint has. */
    private long savedHighWatermark;

    /** Where the log is being cut, or -1. */
    private long cuttingTo = -1;

    /** The session that fenced last, kept after its end so that an older one is known as such. */
    private @Nullable StreamSession session;

    /** Whether its stream has ended: a repeat of what came on it must not be taken for news. */
    private boolean sessionEnded;

    private boolean reconciled;

    /** Changes whenever what was promised to a session must not reach it any more. */
    private int tenure;

    /** A change of the log is under way that other requests have to wait for. */
    private boolean changing;

    /** Numbers the changes, so that one that was called off is known when it comes to its end. */
    private int change;

    private final ArrayDeque<EngineInput.Request> deferred = new ArrayDeque<>();
    private final PendingAnswers pending = new PendingAnswers();

    Replica(EngineContext context, PartitionId partition) {
        this.context = context;
        this.partition = partition;
    }

    /** A replica as recovery found it. */
    Replica(EngineContext context, ReplicaEntry entry, @Nullable PartitionLog log, String detail) {
        this(context, entry.partition());
        this.epoch = entry.epoch();
        this.incarnation = entry.incarnation();
        this.settings = entry.settings();
        this.logSerial = entry.logSerial();
        this.fault = entry.fault();
        this.faultDetail = detail;
        this.log = log;
        if (log != null) {
            pending.beginAt(log.logEnd());
        } else {
            unread = fault == null;
            fault = unread ? Fault.IO_ERROR : fault;
            unusedLog.found(entry.log());
        }
        this.toldHighWatermark = entry.highWatermark();
        this.savedHighWatermark = entry.highWatermark();
    }

    PartitionId partition() {
        return partition;
    }

    int epoch() {
        return epoch;
    }

    Incarnation incarnation() {
        return incarnation;
    }

    ReplicaSettings settings() {
        return settings;
    }

    boolean journaled() {
        return settings.durability() == Durability.FSYNC;
    }

    int tenure() {
        return tenure;
    }

    boolean faulty() {
        return fault != null;
    }

    /** Whether there is nothing here yet but the wish for it. */
    boolean absent() {
        return log == null && fault == null;
    }

    boolean changing() {
        return changing;
    }

    UnusedLog unusedLog() {
        return unusedLog;
    }

    @Nullable PartitionLog usableLog() {
        return log;
    }

    /** The log of a replica that is neither faulty nor absent. */
    PartitionLog log() {
        if (log == null) {
            throw new IllegalStateException(partition + " has no log");
        }
        return log;
    }

    /** The greatest high watermark told, at most the log end. */
    long highWatermark() {
        return log == null ? 0 : Math.min(toldHighWatermark, log.logEnd());
    }

    /** The same, as far as was acknowledged: a sync under way may lose what is behind. */
    long acknowledgedHighWatermark() {
        return Math.min(highWatermark(), pending.acknowledgedEnd());
    }

    void raiseHighWatermark(long told) {
        toldHighWatermark = Math.max(toldHighWatermark, told);
    }

    /** Journals the high watermark if no append has carried it. */
    void saveHighWatermark() {
        long highWatermark = acknowledgedHighWatermark();
        if (log != null && !changing && highWatermark > savedHighWatermark) {
            context.journal().add(new JournalRecord.HighWatermark(partition, highWatermark));
            savedHighWatermark = highWatermark;
        }
    }

    void highWatermarkSaved(long highWatermark) {
        savedHighWatermark = Math.max(savedHighWatermark, highWatermark);
    }

    /** Whether requests of the epoch and session are to be obeyed; otherwise why not. */
    @Nullable Refusal objection(StreamSession asker, int askedEpoch) {
        if (askedEpoch < epoch) {
            return Refusal.STALE_EPOCH;
        }
        if (askedEpoch > epoch) {
            return Refusal.NOT_FENCED;
        }
        return asker.equals(session) && !sessionEnded ? null : Refusal.STALE_SESSION;
    }

    /**
     * Why a session may not take the replica over. Within an epoch only a younger stream of its one
     * owner may: an epoch has one owner, which is one gateway process.
     */
    @Nullable Refusal objectionToTakeover(StreamSession asker, int askedEpoch) {
        if (askedEpoch < epoch) {
            return Refusal.STALE_EPOCH;
        }
        StreamSession holder = session;
        boolean younger =
                holder == null
                        || (holder.gateway() == asker.gateway()
                                && holder.stream() <= asker.stream()
                                && !(sessionEnded && asker.equals(holder)));
        return askedEpoch == epoch && !younger ? Refusal.STALE_SESSION : null;
    }

    boolean reconciled(StreamSession asker, int askedEpoch) {
        return reconciled && askedEpoch == epoch && asker.equals(session);
    }

    void reconcile() {
        reconciled = true;
    }

    /** The session that has reconciled; null if none has. */
    @Nullable StreamSession reconciledBy() {
        return reconciled ? session : null;
    }

    /** Puts the replica into the hands of a session; what it had under way for another is void. */
    void takeOver(StreamSession by, int newEpoch) {
        session = by;
        sessionEnded = false;
        epoch = newEpoch;
        reconciled = false;
        tenure++;
        toldHighWatermark = log == null ? toldHighWatermark : highWatermark();
    }

    void sessionClosed(StreamSession closed) {
        EngineInput.Request.dropAll(deferred, closed);
        if (closed.equals(session)) {
            sessionEnded = true;
            reconciled = false;
            tenure++;
        }
    }

    PendingAnswers pending() {
        return pending;
    }

    /** Whether an append waits for the journal: also one of {@code page-cache}, for its promise. */
    boolean acknowledgedBySync() {
        return journaled() || pending.changing();
    }

    /** The replica is no more; what it had under way is void. */
    void retire() {
        reconciled = false;
        tenure++;
    }

    /** Takes over what an assignment says; the record of it has just been journaled. */
    void assigned(
            Incarnation given, ReplicaSettings newSettings, long serial, PartitionLog newLog) {
        incarnation = given;
        settings = newSettings;
        fault = null;
        unread = false;
        faultDetail = "";
        if (serial != logSerial) {
            replaceLog(serial, newLog);
            toldHighWatermark = 0;
            savedHighWatermark = 0;
        }
    }

    /** Goes on with an empty log; the record of it has just been journaled. */
    void restarted(long serial, PartitionLog newLog) {
        replaceLog(serial, newLog);
        // What is below the leader's log start was committed: retention stays below the watermark.
        raiseHighWatermark(newLog.logStart());
    }

    private void replaceLog(long serial, PartitionLog newLog) {
        logSerial = serial;
        log = newLog;
        pending.beginAt(newLog.logEnd());
        cuttingTo = -1;
        unusedLog.replaced();
    }

    void settings(ReplicaSettings newSettings) {
        settings = newSettings;
    }

    void cuttingTo(long logEnd) {
        cuttingTo = logEnd;
    }

    long logSerial() {
        return logSerial;
    }

    /** Begins a change; returns its number for {@link #changing(int)}. */
    int beginChange() {
        changing = true;
        return ++change;
    }

    /** Whether this very change is still under way. */
    boolean changing(int number) {
        return changing && change == number;
    }

    /** Ends a change; what has waited for it is handled next, in order. */
    void endChange() {
        changing = false;
        deferred.forEach(one -> context.again(one));
        deferred.clear();
    }

    void defer(EngineInput.Request request) {
        deferred.add(request);
    }

    /**
     * Stops the replica: nothing is accepted or acknowledged until it is assigned anew, and whoever
     * has it in hand is told.
     */
    void fail(Fault why, String detail, Answers out) {
        if (fault != null || absent()) {
            return;
        }
        fault = why;
        faultDetail = detail;
        reconciled = false;
        tenure++;
        toldHighWatermark = acknowledgedHighWatermark();
        unusedLog.failed(why, log, cuttingTo, journaled());
        context.retire(log, null);
        log = null;
        cuttingTo = -1;
        faultJournaled = false;
        journalFault();
        answerFaulty(session, epoch, out);
        endChange();
    }

    /** Journals the fault unless that is known to have been done. */
    void journalFault() {
        if (fault != null && !faultJournaled && context.journal().roomForControl()) {
            context.journal().add(new JournalRecord.Faulted(partition, fault));
            context.whenGathered(this, (nowMillis, out) -> faultJournaled = true);
        }
    }

    void answerFaulty(@Nullable StreamSession to, int askedEpoch, Answers out) {
        if (to != null && unread) {
            refuse(to, askedEpoch, Refusal.STORAGE_ERROR, faultDetail, out);
        } else if (to != null) {
            Fault why = fault == null ? Fault.IO_ERROR : fault;
            out.answer(
                    to,
                    new StorageAnswer.Faulty(partition, askedEpoch, incarnation, why, faultDetail));
        }
    }

    void refuse(StreamSession asker, int askedEpoch, Refusal reason, String why, Answers out) {
        long end = log == null ? 0 : log.logEnd();
        var refused = new StorageAnswer.Refused(partition, askedEpoch, reason, epoch, end, why);
        out.answer(asker, refused);
    }

    /** What a fence or an assignment is answered with, as of now. */
    StorageAnswer fenced() {
        return new StorageAnswer.Fenced(
                partition,
                epoch,
                incarnation,
                log().logStart(),
                log().logEnd(),
                highWatermark(),
                log().chain());
    }

    /** The replica as a checkpoint keeps it. */
    ReplicaEntry entry() {
        return new ReplicaEntry(
                partition,
                epoch,
                incarnation,
                settings,
                unread ? null : fault,
                context.damaged().noted().of(this),
                logSerial,
                log == null ? toldHighWatermark : highWatermark(),
                log == null ? unusedLog.entry() : log.entry(cuttingTo, journaled()));
    }

    ReplicaStatus status() {
        return Description.of(this, fault);
    }
}
