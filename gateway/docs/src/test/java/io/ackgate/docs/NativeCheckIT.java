package io.ackgate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs {@code src-native/check} on the executables of a build with {@code -Dnative}. */
@Timeout(1_200)
class NativeCheckIT {
    @Test
    void the_check_finds_everything_as_it_should_be() throws Exception {
        if (!Boolean.getBoolean("test.native")) {
            abort("NOT RUN: src-native/check is for native executables, which -Dnative builds");
        }
        ProcessBuilder check =
                new ProcessBuilder(Repository.root().resolve("src-native/check").toString())
                        .redirectErrorStream(true);
        check.environment().put("CHECK_PORT", Integer.toString(freePort()));
        Process process = check.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.endsWith("all is as it should be\n"), said);
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
