package io.ackgate.gateway.standalone;

import io.ackgate.storage.engine.Boot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Tells one boot of this machine from another. */
final class MachineBoot {
    /** Linux makes one up at each boot. */
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private MachineBoot() {}

    /**
     * The present boot. Where the system does not tell, each process counts as a boot of its own:
     * page-cache replicas of a killed process then are copied anew from the others, which is safe.
     */
    static Boot present() {
        try {
            return new Boot(Files.readString(BOOT_ID).strip());
        } catch (IOException unknown) {
            return new Boot(UUID.randomUUID().toString());
        }
    }
}
