package io.ackgate.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalWindowTest {
    private static final int WINDOW = 1 << 20;
    private static final int SIZE = 3 * WINDOW + 4096;

    private final ByteBuffer content = ByteBuffer.allocate(SIZE);

    private JournalWindow window() throws Exception {
        new Random(7).nextBytes(content.array());
        Disk disk = new SimDisk();
        DiskFile file = disk.create("file");
        file.write(content.duplicate(), 0);
        return new JournalWindow(file);
    }

    private void check(JournalWindow window, int position, int bytes) throws Exception {
        ByteBuffer read = window.at(position, bytes);
        assertTrue(read.remaining() >= bytes);
        assertEquals(content.slice(position, bytes), read.slice(0, bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 56, 4096, 300_000, WINDOW, WINDOW + 1, 2 * WINDOW + 5})
    void a_file_is_read_from_front_to_back_in_pieces_of_any_size(int bytes) throws Exception {
        JournalWindow window = window();
        assertEquals(SIZE, window.size());
        for (int at = 0; at + bytes <= SIZE; at += Math.max(bytes, 4096)) {
            check(window, at, Math.min(56, bytes));
            check(window, at, bytes);
        }
        check(window, SIZE - bytes, bytes);
    }

    @Test
    void the_look_may_begin_anywhere() throws Exception {
        JournalWindow window = window();
        check(window, 2 * WINDOW + 17, 56);
        check(window, SIZE - 1, 1);
    }

    @Test
    void a_look_may_go_back() throws Exception {
        JournalWindow window = window();
        check(window, 2 * WINDOW + 17, 56);
        check(window, 2 * WINDOW, 56);
        check(window, 5, 56);
    }

    @Test
    void what_has_been_read_is_not_read_again_up_to_its_last_byte() throws Exception {
        SimDisk disk = new SimDisk();
        DiskFile file = disk.create("file");
        file.write(ByteBuffer.allocate(SIZE), 0);
        JournalWindow window = new JournalWindow(file);
        window.at(WINDOW, 56);
        disk.faults().fail(Operation.READ, "file");
        assertEquals(WINDOW, window.at(WINDOW, WINDOW).remaining());
        assertEquals(1, window.at(2 * WINDOW - 1, 1).remaining());
    }
}
