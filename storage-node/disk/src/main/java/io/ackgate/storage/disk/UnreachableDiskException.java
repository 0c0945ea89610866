package io.ackgate.storage.disk;

import java.io.IOException;

/**
 * A file or directory could not be reached, and nothing else of the data directory either: the
 * process has no descriptor or no memory left, or the directory as a whole does not answer. It says
 * nothing of the file, and everybody waits for its end.
 */
public final class UnreachableDiskException extends UnreachableFileException {
    private static final long serialVersionUID = 1;

    public UnreachableDiskException(String message) {
        super(message);
    }

    UnreachableDiskException(IOException cause) {
        super(cause);
    }
}
