package io.ackgate.storage.disk;

import java.io.IOException;

/**
 * A file or directory could not be reached: no descriptor, no permission, no memory, or the file
 * system did not answer. Nothing was written or removed, and nothing is known of the bytes, so that
 * the same may be tried again later.
 *
 * <p>A file that is not there is no case of this: {@link MissingFileException} says so.
 */
public final class UnreachableFileException extends IOException {
    private static final long serialVersionUID = 1;

    public UnreachableFileException(String message) {
        super(message);
    }

    UnreachableFileException(IOException cause) {
        super(String.valueOf(cause), cause);
    }
}
