package io.ackgate.storage.disk.simulated;

import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableDiskException;
import io.ackgate.storage.disk.UnreachableFileException;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;

/** Which operations of a {@link SimDisk} fail at present, and on which paths. */
public final class DiskFaults {
    /** Operations that change all they are to change, or fail and change nothing. */
    public enum Operation {
        OPEN,
        CREATE,
        EXISTS,
        LIST,
        READ,
        /** Opening a file again to read it, where the descriptor was given up. */
        REOPEN,
        TRUNCATE,
        DELETE,
        RENAME,
        /** Opening a directory in order to sync it. */
        OPEN_DIRECTORY
    }

    /**
     * On which paths an operation fails.
     *
     * @param full whether for lack of space
     * @param all whether every path suffers from it
     */
    private record Failing(Predicate<String> paths, boolean full, boolean all) {}

    private final Map<Operation, Failing> failing = new EnumMap<>(Operation.class);

    /**
     * Makes an operation fail on paths that contain this, until {@link #heal}; on all of them if it
     * is empty.
     */
    public void fail(Operation operation, String pathPart) {
        failing.put(
                operation, new Failing(path -> path.contains(pathPart), false, pathPart.isEmpty()));
    }

    /** Makes an operation fail on one path, until {@link #heal}. */
    public void failAt(Operation operation, String path) {
        failing.put(operation, new Failing(path::equals, false, false));
    }

    /** Makes an operation fail on one path as on a full disk, until {@link #heal}. */
    public void fullAt(Operation operation, String path) {
        failing.put(operation, new Failing(path::equals, true, false));
    }

    /** No file can be opened that is not open; those that are can be used as before. */
    public void outOfDescriptors() {
        fail(Operation.OPEN, "");
        fail(Operation.CREATE, "");
        fail(Operation.LIST, "");
        fail(Operation.OPEN_DIRECTORY, "");
    }

    /** Nothing fails any more. */
    public void heal() {
        failing.clear();
    }

    void check(Operation operation, String path) throws IOException {
        Failing found = failing.get(operation);
        if (found == null || !found.paths().test(path)) {
            return;
        }
        String message = "simulated: cannot " + operation + " " + path;
        if (found.full()) {
            throw new DiskFullException(message);
        }
        if (operation == Operation.READ) {
            throw new IOException(message);
        }
        throw found.all()
                ? new UnreachableDiskException(message)
                : new UnreachableFileException(message);
    }
}
