package io.ackgate.storage.engine;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.journal.Journal;
import io.ackgate.storage.journal.JournalSync;
import io.ackgate.storage.log.LoadedIndexes;
import io.ackgate.storage.log.LogFolder;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the replicas of an engine share: the journal, who waits for it, and work to be done beside.
 */
final class EngineContext {
    static final String PARTITIONS = "partitions";

    private final Disk disk;
    private final EngineSettings settings;
    private final LoadedIndexes indexes;
    private final Journal journal;
    private final LogCreations creations = new LogCreations(this);
    private final Lookups lookups = new Lookups();
    private final DamagedLogs damaged = new DamagedLogs(this);
    private final Scrubber scrubber;
    private long nextLogSerial;

    private SyncWaiters gathering = new SyncWaiters();
    private @Nullable SyncWaiters underWay;

    /**
     * Acknowledgements of {@code page-cache} replicas, which wait for nothing but the next flush.
     */
    private SyncWaiters unsent = new SyncWaiters();

    private final Map<PartitionId, Replica> replicas = new LinkedHashMap<>();
    private final GoneLogs gone = new GoneLogs(this);

    /** Requests that have waited for a replica's change to end. */
    private final ArrayDeque<EngineInput.Request> again = new ArrayDeque<>();

    /** Work that a request waits for. */
    private final ArrayDeque<BackgroundWork.Work> urgent = new ArrayDeque<>();

    /** Work that nobody waits for. */
    private final ArrayDeque<BackgroundWork.Work> idle = new ArrayDeque<>();

    private static final int MAX_NEWS = 100;

    /** What an operator should know, until it is logged. */
    private final ArrayDeque<String> news = new ArrayDeque<>();

    /** Whether so much was journaled since the last checkpoint that appends have to wait. */
    private boolean journalTooLong;

    /** Urgent work that could not be done, to be tried again with the next tick. */
    private final ArrayDeque<BackgroundWork.Work> later = new ArrayDeque<>();

    /** Monotonic time of the last tick; null before the first. */
    private @Nullable Long tickedNanos;

    /** What kept the last journal file from being prepared; null if nothing did. */
    private @Nullable IOException journalFailure;

    EngineContext(
            Disk disk,
            EngineSettings settings,
            LoadedIndexes indexes,
            Journal journal,
            long nextLogSerial) {
        this.disk = disk;
        this.settings = settings;
        this.indexes = indexes;
        this.journal = journal;
        this.nextLogSerial = nextLogSerial;
        this.scrubber = new Scrubber(this);
    }

    Disk disk() {
        return disk;
    }

    EngineSettings settings() {
        return settings;
    }

    Journal journal() {
        return journal;
    }

    long nextLogSerial() {
        return nextLogSerial;
    }

    long takeLogSerial() {
        return nextLogSerial++;
    }

    /** Where the log of this serial stands. */
    LogFolder folder(PartitionId partition, long serial) {
        String directory = LogDirectory.path(partition, serial);
        return new LogFolder(disk, directory, partition, settings.indexIntervalBytes(), indexes);
    }

    /** The replicas of the engine. */
    Map<PartitionId, Replica> replicas() {
        return replicas;
    }

    /** Replicas that are missing since a start did not find their logs. */
    GoneLogs gone() {
        return gone;
    }

    void remove(Replica replica) {
        replicas.remove(replica.partition(), replica);
    }

    /** Has a request handled again, after those that wait for it already. */
    void again(EngineInput.Request request) {
        again.add(request);
    }

    EngineInput.@Nullable Request takeAgain() {
        return again.poll();
    }

    /** Closes a log and deletes its directory when there is time; recovery deletes what is left. */
    void retire(@Nullable PartitionLog log, @Nullable String directory) {
        if (log == null && directory == null) {
            return;
        }
        addIdleWork(
                new BackgroundWork.Work() {
                    @Override
                    public void run() throws IOException {
                        if (log != null) {
                            log.close();
                        }
                        if (directory != null) {
                            disk.deleteRecursively(directory);
                            disk.deleteRecursively(LogDirectory.tails(directory));
                        }
                    }

                    @Override
                    public void done(@Nullable IOException failure, long nowMillis, Answers out) {
                        // What could not be deleted takes space until the next start, and no more.
                    }
                });
    }

    /** Runs the waiter once everything journaled so far is durable: at once, or after a sync. */
    void whenDurable(
            Replica replica,
            @Nullable StreamSession session,
            int epoch,
            SyncWaiters.Waiter waiter,
            long nowMillis,
            Answers out) {
        SyncWaiters waiters = waiters();
        if (waiters == null) {
            waiter.durable(nowMillis, out);
        } else {
            waiters.add(replica, session, epoch, waiter);
            replica.pending().changeIn(waiters);
        }
    }

    /**
     * Tells the settlement when everything journaled so far has left memory: now or after a sync.
     */
    void whenWritten(Runnable settlement) {
        SyncWaiters waiters = waiters();
        if (waiters == null) {
            settlement.run();
        } else {
            waiters.settles(settlement);
        }
    }

    /** Runs the waiter when what was journaled just now is durable. */
    void whenGathered(Replica replica, SyncWaiters.Waiter waiter) {
        gathering.add(replica, null, 0, waiter);
    }

    /** The sync that makes everything journaled so far durable; null if it is already. */
    private @Nullable SyncWaiters waiters() {
        return journal.gathering() ? gathering : underWay;
    }

    /** Acknowledges everything up to the log end once the journal has it. */
    void acknowledgeWhenDurable(Replica replica, StreamSession session, Answers out) {
        SyncWaiters waiters = waiters();
        if (waiters == null) {
            Acknowledgement ack = new Acknowledgement(replica, session);
            ack.raise(replica.log().logEnd());
            ack.send(out);
        } else {
            acknowledge(waiters, replica, session);
        }
    }

    /** Acknowledges everything up to the log end at the next {@link #flush}. */
    void acknowledgeAtFlush(Replica replica, StreamSession session) {
        acknowledge(unsent, replica, session);
    }

    private static void acknowledge(SyncWaiters waiters, Replica replica, StreamSession session) {
        Acknowledgement ack = replica.pending().acknowledgementIn(waiters);
        if (ack == null) {
            ack = new Acknowledgement(replica, session);
            replica.pending().acknowledgementIn(waiters, ack);
            waiters.add(ack);
        }
        ack.raise(replica.log().logEnd());
    }

    void flush(long nowMillis, Answers out) {
        if (!unsent.isEmpty()) {
            SyncWaiters sent = unsent;
            unsent = new SyncWaiters();
            sent.durable(nowMillis, out);
        }
    }

    boolean unflushed() {
        return !unsent.isEmpty();
    }

    /** Takes what the journal has gathered, and who waits for it. */
    @Nullable Sync beginSync() {
        JournalSync sync = journal.begin();
        if (sync == null) {
            return null;
        }
        SyncWaiters taken = gathering;
        underWay = taken;
        gathering = new SyncWaiters();
        return new Sync(sync, taken);
    }

    /** Hands over who waits for what will never be written. */
    SyncWaiters abandonGathering() {
        SyncWaiters abandoned = gathering;
        gathering = new SyncWaiters();
        return abandoned;
    }

    void endSync() {
        underWay = null;
    }

    void addUrgentWork(BackgroundWork.Work work) {
        urgent.add(work);
    }

    void addIdleWork(BackgroundWork.Work work) {
        idle.add(work);
    }

    /** Has something written down that an operator should know, as a sentence. */
    void tell(String sentence) {
        if (news.size() < MAX_NEWS) {
            news.add(sentence);
        }
    }

    @Nullable String takeNews() {
        return news.poll();
    }

    void journalTooLong(boolean tooLong) {
        journalTooLong = tooLong;
    }

    boolean journalTooLong() {
        return journalTooLong;
    }

    Lookups lookups() {
        return lookups;
    }

    DamagedLogs damaged() {
        return damaged;
    }

    Scrubber scrubber() {
        return scrubber;
    }

    @Nullable Long tickedNanos() {
        return tickedNanos;
    }

    void ticked(long nanos) {
        tickedNanos = nanos;
    }

    void retryLater(BackgroundWork.Work work) {
        later.add(work);
    }

    void tryAgain() {
        urgent.addAll(later);
        later.clear();
    }

    @Nullable IOException journalFailure() {
        return journalFailure;
    }

    void journalFailure(@Nullable IOException failure) {
        journalFailure = failure;
    }

    /** Why the journal has no room for a request. */
    Refusal lackOfRoom() {
        boolean otherwise =
                journalFailure != null && !(journalFailure instanceof DiskFullException);
        return otherwise ? Refusal.STORAGE_ERROR : Refusal.DISK_FULL;
    }

    String whyNoRoom() {
        return journalFailure == null
                ? "the journal is full"
                : "no journal file could be made: " + journalFailure;
    }

    LogCreations creations() {
        return creations;
    }

    BackgroundWork.@Nullable Work takeUrgentWork() {
        BackgroundWork.Work work = urgent.poll();
        return work == null ? creations.next() : work;
    }

    BackgroundWork.@Nullable Work takeIdleWork() {
        return idle.poll();
    }

    boolean workWaiting() {
        return !urgent.isEmpty() || !later.isEmpty() || !creations.isEmpty() || !idle.isEmpty();
    }
}
