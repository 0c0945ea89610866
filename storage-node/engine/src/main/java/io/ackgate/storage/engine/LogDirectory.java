package io.ackgate.storage.engine;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.recovery.Recovery;

/**
 * Names of the logs' directories: {@code partitions/<topic id>-<partition>.<serial>}, and the same
 * below {@code tails}.
 *
 * <p>The serial is new for every log, so that replacing one never touches the one it replaces
 * before the journal says which of the two it is (ADR 0004).
 */
final class LogDirectory {
    /** The same, for recovery. */
    static final Recovery.Directories ALL = new All();

    private static final String TAILS = "tails";

    private LogDirectory() {}

    private static final class All implements Recovery.Directories {
        @Override
        public String root() {
            return EngineContext.PARTITIONS;
        }

        @Override
        public String path(PartitionId partition, long serial) {
            return LogDirectory.path(partition, serial);
        }

        @Override
        public String tailsRoot() {
            return TAILS;
        }

        @Override
        public String tails(PartitionId partition, long serial) {
            return LogDirectory.tails(LogDirectory.path(partition, serial));
        }

        @Override
        public long serial(String name) {
            return LogDirectory.serial(name);
        }
    }

    static String path(PartitionId partition, long serial) {
        return EngineContext.PARTITIONS + "/" + partition + "." + serial;
    }

    /**
     * Where the batches are copied that a log in doubt has in the journal only: not in the log's
     * own directory, which may be what keeps the log from being used.
     */
    static String tails(String directory) {
        return TAILS + directory.substring(EngineContext.PARTITIONS.length());
    }

    /** The serial in a directory's name, or -1 if it is no log's. */
    static long serial(String name) {
        int dot = name.lastIndexOf('.');
        try {
            return dot < 0 ? -1 : Long.parseLong(name, dot + 1, name.length(), 10);
        } catch (NumberFormatException notOurs) {
            return -1;
        }
    }
}
