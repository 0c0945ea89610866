package io.ackgate.storage.disk;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** Which operations of a {@link FaultyDisk} fail at present, and on which paths. */
public final class DiskFaults {
    /** Operations that change all they are to change, or fail and change nothing. */
    public enum Operation {
        OPEN,
        CREATE,
        EXISTS,
        LIST,
        READ,
        TRUNCATE,
        DELETE,
        RENAME,
        /** Opening a directory in order to sync it. */
        OPEN_DIRECTORY
    }

    private final Map<Operation, String> failing = new EnumMap<>(Operation.class);

    /** Makes an operation fail on paths that contain this, until {@link #heal}. */
    public void fail(Operation operation, String pathPart) {
        failing.put(operation, pathPart);
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
        String part = failing.get(operation);
        if (part == null || !path.contains(part)) {
            return;
        }
        String message = "simulated: cannot " + operation + " " + path;
        throw operation == Operation.READ
                ? new IOException(message)
                : new UnreachableFileException(message);
    }
}
