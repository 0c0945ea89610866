package io.ackgate.gateway.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Programs of the system that tests run, and cannot do without. */
final class Commands {
    private Commands() {}

    /** Whether a command is there, may be run, and ends well. */
    static boolean succeeds(String... command) {
        try {
            output(command);
            return true;
        } catch (IOException failed) {
            return false;
        }
    }

    /**
     * What a command says, without white space around it.
     *
     * @throws IOException if it is missing or fails; with what it said
     */
    static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            String said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
