package io.ackgate.storage.disk;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory could not be reached: no permission, a file system that does not answer, or
 * one of the wants that {@link UnreachableDiskException} tells of. Nothing was written or removed,
 * and nothing is known of the bytes, so that the same may be tried again later. It may last: nobody
 * else's work may wait for it without a bound.
 *
 * <p>A file that is not there is no case of this: {@link MissingFileException} says so.
 */
public sealed class UnreachableFileException extends IOException permits UnreachableDiskException {
    private static final long serialVersionUID = 2;

    public UnreachableFileException(String message) {
        super(message);
    }

    public UnreachableFileException(String message, IOException cause) {
        super(message + ": " + cause, cause);
    }

    UnreachableFileException(IOException cause) {
        super(String.valueOf(cause), cause);
    }

    /** Whether a failure is of one file or directory, while others can be reached. */
    public static boolean isOfOneFile(@Nullable IOException failure) {
        return failure instanceof UnreachableFileException
                && !(failure instanceof UnreachableDiskException);
    }
}
