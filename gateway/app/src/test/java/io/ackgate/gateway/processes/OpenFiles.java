package io.ackgate.gateway.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process may have open, changed while it runs.
 *
 * @param before the soft limit that it had
 */
record OpenFiles(long pid, long before) {
    static boolean canBeLimited() {
        return Commands.succeeds("prlimit", "--pid", Long.toString(ProcessHandle.current().pid()));
    }

    /** From now on the process can open files only for others that it closes. */
    static OpenFiles noMoreOf(long pid) {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            String soft =
                    Commands.output(
                            "prlimit",
                            "--pid",
                            Long.toString(pid),
                            "--nofile",
                            "--output=SOFT",
                            "--noheadings");
            OpenFiles limited = new OpenFiles(pid, Long.parseLong(soft));
            limited.limit(open.count());
            return limited;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It may as it could before. */
    void allow() {
        try {
            limit(before);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void limit(long soft) throws IOException {
        Commands.output("prlimit", "--pid", Long.toString(pid), "--nofile=" + soft + ":");
    }
}
