package io.ackgate.storage.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which boot of the operating system this is, as far as the system tells. */
public final class MachineBoot {
    private static final Path LINUX = Path.of("/proc/sys/kernel/random/boot_id");

    private MachineBoot() {}

    /**
     * An id of this boot.
     *
     * @param unknown the answer of a system that does not tell; must differ from every id used
     *     before, so that nothing unsynced is believed to have survived
     */
    public static String id(String unknown) {
        try {
            String id = Files.readString(LINUX).strip();
            return id.isEmpty() ? unknown : id;
        } catch (IOException untold) {
            return unknown;
        }
    }
}
