package io.ackgate.storage.disk;

import java.io.IOException;

/**
 * No space is left on the disk, or the quota is used up: what was refused may be tried again later.
 */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1;

    public DiskFullException(String message) {
        super(message);
    }
}
