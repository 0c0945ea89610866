package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.log.LogBeginning;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * New, empty logs. Their directories are made durable, many by one sync, before the journal names
 * them: a name in the journal without a directory would be a lost log.
 */
final class LogCreations {
    private static final int AT_A_TIME = 128;

    private final EngineContext context;
    private final ArrayDeque<Creation> waiting = new ArrayDeque<>();

    LogCreations(EngineContext context) {
        this.context = context;
    }

    /** What is to be done with a new log once its directory is durable. */
    interface NewLog {
        void take(long serial, PartitionLog log, long nowMillis, Answers out);
    }

    /** Begins a change of the replica that ends with {@code then}, or with a refusal. */
    void create(
            Replica replica,
            StreamSession session,
            int epoch,
            LogBeginning beginning,
            NewLog then) {
        long serial = context.takeLogSerial();
        waiting.add(new Creation(replica, session, epoch, serial, beginning, then));
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes some of what waits; null if nothing does. */
    BackgroundWork.@Nullable Work next() {
        List<Creation> some = new ArrayList<>();
        while (some.size() < AT_A_TIME && !waiting.isEmpty()) {
            some.add(waiting.remove());
        }
        return some.isEmpty() ? null : new Batch(some);
    }

    private final class Batch implements BackgroundWork.Work {
        private final List<Creation> creations;

        Batch(List<Creation> creations) {
            this.creations = creations;
        }

        @Override
        public void run() throws IOException {
            for (Creation creation : creations) {
                context.disk().createDirectories(creation.directory);
                creation.beginning.write(context.disk(), creation.directory);
            }
            context.disk().syncDirectory(EngineContext.PARTITIONS);
        }

        @Override
        public void done(@Nullable IOException failure, long nowMillis, Answers out) {
            creations.forEach(creation -> creation.done(failure, nowMillis, out));
        }
    }

    /** One log to be. */
    private final class Creation {
        private final Replica replica;
        private final int change;
        private final int tenure;
        private final StreamSession session;
        private final int epoch;
        private final long serial;
        private final LogBeginning beginning;
        private final NewLog then;
        private final String directory;

        Creation(
                Replica replica,
                StreamSession session,
                int epoch,
                long serial,
                LogBeginning beginning,
                NewLog then) {
            this.replica = replica;
            this.change = replica.beginChange();
            this.tenure = replica.tenure();
            this.session = session;
            this.epoch = epoch;
            this.serial = serial;
            this.beginning = beginning;
            this.then = then;
            this.directory = LogDirectory.path(replica.partition(), serial);
        }

        void done(@Nullable IOException failure, long nowMillis, Answers out) {
            if (!replica.changing(change)) {
                context.retire(null, directory);
            } else if (failure == null
                    && replica.tenure() == tenure
                    && context.journal().roomForControl()) {
                PartitionLog log = beginning.open(context.folder(replica.partition(), serial));
                then.take(serial, log, nowMillis, out);
            } else {
                context.retire(null, directory);
                callOff(failure, out);
            }
        }

        private void callOff(@Nullable IOException failure, Answers out) {
            replica.endChange();
            // The log that stands there, if any, is as it was.
            if (failure instanceof DiskFullException) {
                replica.refuse(session, epoch, Refusal.DISK_FULL, failure.toString(), out);
            } else if (failure != null) {
                String detail = "creating a log: " + failure;
                replica.refuse(session, epoch, Refusal.STORAGE_ERROR, detail, out);
            } else if (replica.tenure() != tenure) {
                replica.refuse(session, epoch, Refusal.STALE_SESSION, "the stream ended", out);
            } else {
                replica.refuse(session, epoch, context.lackOfRoom(), context.whyNoRoom(), out);
            }
            if (replica.absent()) {
                context.remove(replica);
            }
        }
    }
}
