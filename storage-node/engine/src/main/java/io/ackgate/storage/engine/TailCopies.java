package io.ackgate.storage.engine;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableDiskException;
import io.ackgate.storage.journal.JournalPosition;
import io.ackgate.storage.log.DamagedLogException;
import io.ackgate.storage.recovery.JournalTails;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has the tails of logs in doubt copied from the journal before a checkpoint makes it void (ADR
 * 0004): what such a log has acknowledged since the last checkpoint may be nowhere else.
 */
final class TailCopies {
    private static final long RETRY_NANOS = 500_000_000;

    /** Eight seconds at most: appends may wait for the last try, after which a copy is given up. */
    private static final int MAX_DOUBLINGS = 4;

    private final EngineContext context;

    /** Whose tails are waited for, with the serials of the logs. */
    private Map<PartitionId, Long> doubtful = Map.of();

    /** Where the journal ended when they were found in doubt. */
    private JournalPosition end = new JournalPosition(0, 0);

    private boolean underWay;
    private boolean failed;

    /** What a copy holds may stand nowhere else, and a read that fails once says nothing. */
    private final LastingFailures uncopied = new LastingFailures();

    /** Tries since the last one of which nothing failed. */
    private int failures;

    TailCopies(EngineContext context) {
        this.context = context;
    }

    private Map<PartitionId, Long> inDoubt() {
        return context.replicas().values().stream()
                .filter(replica -> replica.unusedLog().tailInJournal())
                .collect(Collectors.toMap(Replica::partition, Replica::logSerial));
    }

    /** Whether a checkpoint has to wait for a tail; has it copied when that can be done. */
    boolean needed() {
        Map<PartitionId, Long> now = inDoubt();
        if (!now.equals(doubtful)) {
            doubtful = now;
            end = context.journal().seal();
        }
        JournalPosition durable = context.journal().durable();
        if (!now.isEmpty() && !underWay && durable.compareTo(end) >= 0) {
            underWay = true;
            context.addIdleWork(new CopyWork(now, durable));
        }
        return !now.isEmpty();
    }

    /** Whether a copy has failed since this was asked before. */
    boolean takeFailed() {
        boolean was = failed;
        failed = false;
        return was;
    }

    /** When what failed is to be tried again, nanoseconds: each try reads the whole journal. */
    long retryNanos() {
        return RETRY_NANOS << Math.min(failures - 1, MAX_DOUBLINGS);
    }

    boolean underWay() {
        return underWay;
    }

    /** Copies at once what has to be copied, before the engine is closed. */
    void copyNow() throws IOException {
        Map<PartitionId, Long> now = inDoubt();
        if (!now.isEmpty()) {
            new CopyWork(now, context.journal().durable()).runNow();
        }
    }

    private final class CopyWork implements BackgroundWork.Work {
        private final Map<PartitionId, Long> serials;
        private final JournalPosition durable;
        private JournalTails.Copies copies = JournalTails.Copies.NONE;

        CopyWork(Map<PartitionId, Long> serials, JournalPosition durable) {
            this.serials = serials;
            this.durable = durable;
        }

        @Override
        public void run() throws IOException {
            copies = JournalTails.copy(context.disk(), LogDirectory.ALL, serials.keySet(), durable);
        }

        void runNow() throws IOException {
            IOException failure = null;
            try {
                run();
            } catch (DamagedLogException e) {
                failure = e;
            }
            take();
            for (PartitionId partition : serials.keySet()) {
                IOException why = whyNot(partition, failure);
                if (!DamagedLogException.proves(why)) {
                    throw why;
                }
                giveUp(partition, why);
            }
        }

        @Override
        public void done(@Nullable IOException failure, long nowMillis, Answers out) {
            underWay = false;
            take();
            uncopied.keepOnly(serials.values());
            for (PartitionId partition : serials.keySet()) {
                long serial = serials.get(partition);
                IOException why = whyNot(partition, failure);
                if (stillInDoubt(partition) == null) {
                    uncopied.ended(serial);
                } else if (DamagedLogException.proves(why) || lastsTooLong(serial, why)) {
                    giveUp(partition, why);
                } else {
                    failed = true;
                    tellNotYet(partition, why);
                }
            }
            failures = failed ? failures + 1 : 0;
        }

        /** Why there is no copy, if there is none. */
        private IOException whyNot(PartitionId partition, @Nullable IOException failure) {
            IOException why = failure == null ? copies.failed().get(partition) : failure;
            return why == null
                    ? new DamagedLogException("neither checkpoint nor journal has it")
                    : why;
        }

        private void tellNotYet(PartitionId partition, IOException why) {
            context.tell(
                    "what the journal holds of %s, in doubt, could not be copied yet: %s"
                            .formatted(partition, why));
        }

        /** All others' appends wait for it, and it has been tried for a while. */
        private boolean lastsTooLong(long serial, IOException failure) {
            return uncopied.failed(serial, context.tickedNanos())
                    && context.journalTooLong()
                    && !(failure instanceof DiskFullException)
                    && !(failure instanceof UnreachableDiskException);
        }

        /** Notes what was copied. */
        private void take() {
            for (ReplicaEntry entry : copies.copied()) {
                UnusedLog log = stillInDoubt(entry.partition());
                if (log != null) {
                    log.copied(entry.log());
                }
            }
        }

        private void giveUp(PartitionId partition, IOException why) {
            UnusedLog log = stillInDoubt(partition);
            if (log != null) {
                log.tailGivenUp();
                context.tell(
                        "what the journal held of %s, in doubt, could not be kept: %s"
                                .formatted(partition, why));
            }
        }

        /** The log, if its tail is still in the journal only; null otherwise. */
        private @Nullable UnusedLog stillInDoubt(PartitionId partition) {
            Replica replica = context.replicas().get(partition);
            Long serial = serials.get(partition);
            return replica != null
                            && serial != null
                            && replica.logSerial() == serial
                            && replica.unusedLog().tailInJournal()
                    ? replica.unusedLog()
                    : null;
        }
    }
}
