package io.ackgate.storage.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One user of a directory at a time, in this process and in others. */
@Timeout(60)
class DirectoryLockTest {
    @TempDir Path directory;

    /** Another process that locks a directory, and lets go of it when its input ends. */
    static final class Holder {
        private Holder() {}

        /**
         * Says that it has the directory, or why not.
         *
         * @param args the directory
         */
        public static void main(String[] args) throws IOException {
            try (DirectoryLock _ = DirectoryLock.lock(Path.of(args[0]))) {
                System.out.println("locked");
                System.in.transferTo(System.err);
            } catch (IOException inUse) {
                System.out.println(inUse.getMessage());
            }
        }
    }

    private Process holder() throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String says(Process process) throws IOException {
        // Not closed: the process is still to be told when to end.
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        return String.valueOf(lines.readLine());
    }

    private String inUseBy(String process) {
        return "%s is in use by process %s: stop it, or give this one another directory"
                .formatted(directory, process);
    }

    private String refusal() {
        IOException refused = assertThrows(IOException.class, () -> DirectoryLock.lock(directory));
        return String.valueOf(refused.getMessage());
    }

    @Test
    void a_second_user_in_this_process_is_refused_until_the_first_lets_go() throws IOException {
        String me = inUseBy(ProcessHandle.current().pid() + ", this one");
        try (DirectoryLock _ = DirectoryLock.lock(directory)) {
            assertEquals(me, refusal());
            assertEquals(me, refusal());
        }
        DirectoryLock.lock(directory).close();
    }

    @Test
    void another_process_is_refused_too_also_after_a_second_user_was() throws Exception {
        try (DirectoryLock _ = DirectoryLock.lock(directory)) {
            refusal();
            Process other = holder();
            assertEquals(inUseBy("" + ProcessHandle.current().pid()), says(other));
            assertEquals(0, other.waitFor());
        }
        Process next = holder();
        assertEquals("locked", says(next));
        next.destroyForcibly().waitFor();
    }

    @Test
    void what_another_process_has_is_free_when_it_ends_however_it_ends() throws Exception {
        Files.writeString(directory.resolve(DirectoryLock.FILE), "12345678901234567890");
        Process other = holder();
        assertEquals("locked", says(other));
        assertEquals(inUseBy("" + other.pid()), refusal());
        other.destroyForcibly().waitFor();
        DirectoryLock.lock(directory).close();
    }

    @Test
    void what_could_not_be_locked_is_free_afterwards() throws IOException {
        Path inTheWay = Files.createDirectory(directory.resolve(DirectoryLock.FILE));
        assertThrows(IOException.class, () -> DirectoryLock.lock(directory));
        Files.delete(inTheWay);
        DirectoryLock.lock(directory).close();
    }

    @Test
    void a_directory_that_is_not_there_is_made() throws IOException {
        Path made = directory.resolve("a/b");
        DirectoryLock.lock(made).close();
        String named = Files.readString(made.resolve(DirectoryLock.FILE)).strip();
        assertEquals("" + ProcessHandle.current().pid(), named);
    }
}
