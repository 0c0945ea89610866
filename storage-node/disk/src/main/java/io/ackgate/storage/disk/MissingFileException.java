package io.ackgate.storage.disk;

import java.io.IOException;

/** A file or directory is not there. */
public final class MissingFileException extends IOException {
    private static final long serialVersionUID = 1;

    public MissingFileException(String path) {
        super(path + " is not there");
    }
}
