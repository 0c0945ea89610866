package io.ackgate.storage.engine;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.journal.JournalPosition;
import io.ackgate.storage.log.DamagedLogException;
import io.ackgate.storage.recovery.JournalTails;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has the tails of logs in doubt copied from the journal before a checkpoint makes it void (ADR
 * 0004): what such a log has acknowledged since the last checkpoint may be nowhere else.
 */
final class TailCopies {
    private final EngineContext context;

    /** Whose tails are waited for, with the serials of the logs. */
    private Map<PartitionId, Long> doubtful = Map.of();

    /** Where the journal ended when they were found in doubt. */
    private JournalPosition end = new JournalPosition(0, 0);

    private boolean underWay;
    private boolean failed;

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
            context.someday(new CopyWork(now, durable));
        }
        return !now.isEmpty();
    }

    /** Whether the last copy has failed since this was asked before. */
    boolean takeFailed() {
        boolean was = failed;
        failed = false;
        return was;
    }

    boolean underWay() {
        return underWay;
    }

    /** Copies at once what has to be copied, before the engine is closed. */
    void copyNow() throws IOException {
        Map<PartitionId, Long> now = inDoubt();
        if (!now.isEmpty()) {
            CopyWork work = new CopyWork(now, context.journal().durable());
            try {
                work.run();
                work.take();
            } catch (DamagedLogException e) {
                work.giveUp(e);
            }
        }
    }

    private final class CopyWork implements Upkeep.Work {
        private final Map<PartitionId, Long> serials;
        private final JournalPosition durable;
        private List<ReplicaEntry> copied = List.of();

        CopyWork(Map<PartitionId, Long> serials, JournalPosition durable) {
            this.serials = serials;
            this.durable = durable;
        }

        @Override
        public void run() throws IOException {
            copied = JournalTails.copy(context.disk(), LogDirectory.ALL, serials.keySet(), durable);
        }

        @Override
        public void done(@Nullable IOException failure, long nowMillis, Answers out) {
            underWay = false;
            if (failure == null) {
                take();
            } else if (DamagedLogException.proves(failure) || lastsTooLong(failure)) {
                giveUp(failure);
            } else {
                failed = true;
                context.tell(
                        "what the journal holds of %s, in doubt, could not be copied yet: %s"
                                .formatted(serials.keySet(), failure));
            }
        }

        /** All others' appends would wait for it. */
        private boolean lastsTooLong(IOException failure) {
            return context.journalTooLong()
                    && !(failure instanceof DiskFullException)
                    && !(failure instanceof UnreachableFileException);
        }

        /** Notes what was copied; the rest could not be read. */
        void take() {
            for (ReplicaEntry entry : copied) {
                UnusedLog log = stillInDoubt(entry.partition(), entry.logSerial());
                if (log != null) {
                    log.copied(entry.log());
                }
            }
            giveUp(new DamagedLogException("the journal's batches are damaged"));
        }

        void giveUp(IOException why) {
            serials.forEach(
                    (partition, serial) -> {
                        UnusedLog log = stillInDoubt(partition, serial);
                        if (log != null) {
                            log.tailGivenUp();
                            context.tell(
                                    "what the journal held of %s, in doubt, could not be kept: %s"
                                            .formatted(partition, why));
                        }
                    });
        }

        /** The log of this serial, if its tail is in the journal only; null otherwise. */
        private @Nullable UnusedLog stillInDoubt(PartitionId partition, long serial) {
            Replica replica = context.replicas().get(partition);
            return replica != null
                            && replica.logSerial() == serial
                            && replica.unusedLog().tailInJournal()
                    ? replica.unusedLog()
                    : null;
        }
    }
}
