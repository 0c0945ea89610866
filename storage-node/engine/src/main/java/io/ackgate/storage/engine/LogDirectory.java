package io.ackgate.storage.engine;

import io.ackgate.storage.api.PartitionId;

/**
 * Names of the logs' directories: {@code partitions/<topic id>-<partition>.<serial>}.
 *
 * <p>The serial is new for every log, so that replacing one never touches the one it replaces
 * before the journal says which of the two it is (ADR 0004).
 */
final class LogDirectory {
    private LogDirectory() {}

    static String path(PartitionId partition, long serial) {
        return EngineContext.PARTITIONS + "/" + partition + "." + serial;
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
