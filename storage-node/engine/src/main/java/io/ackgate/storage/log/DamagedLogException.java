package io.ackgate.storage.log;

import io.ackgate.storage.disk.MissingFileException;
import java.io.IOException;

/**
 * Bytes of a log that were whole are not any more, or a file is gone: the replica has to be
 * repaired from another. Any other {@link IOException} says nothing about the bytes.
 */
public final class DamagedLogException extends IOException {
    private static final long serialVersionUID = 1;

    public DamagedLogException(String message) {
        super(message);
    }

    /** Whether a failure proves damage: bytes that are wrong, or a file that is not there. */
    public static boolean proves(IOException failure) {
        return failure instanceof DamagedLogException || failure instanceof MissingFileException;
    }
}
