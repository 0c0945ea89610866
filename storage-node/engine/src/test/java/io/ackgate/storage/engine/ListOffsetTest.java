package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import org.junit.jupiter.api.Test;

class ListOffsetTest {
    private static StorageAnswer find(EngineDriver node, int epoch, long timestamp) {
        return node.ask(SESSION, new StorageRequest.ListOffset(P0, epoch, 8, timestamp));
    }

    private static StorageAnswer found(int epoch, long offset, long timestamp) {
        return new StorageAnswer.OffsetListed(
                P0, epoch, 8, StorageAnswer.ReadStatus.OK, offset, timestamp);
    }

    /** Three records to a batch, at 1000, 1001, 1002, 1010, 1011, ... */
    private static EngineDriver written() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < 40; i++) {
            String value = "v".repeat(100);
            node.append(
                    P0,
                    1,
                    Frames.builder(P0, 3L * i, 1, 1000 + 10L * i, value, value, value).stamp());
        }
        return node;
    }

    private static void checkAll(EngineDriver node, int epoch) {
        for (long timestamp = 990; timestamp < 1400; timestamp++) {
            long batch = Math.max(0, (timestamp - 1000) / 10);
            long within = Math.max(0, timestamp - 1000 - 10 * batch);
            long offset = within < 3 ? 3 * batch + within : 3 * (batch + 1);
            StorageAnswer expected =
                    offset >= 120
                            ? found(epoch, -1, -1)
                            : found(epoch, offset, 1000 + 10 * (offset / 3) + offset % 3);
            assertEquals(expected, find(node, epoch, timestamp), "at " + timestamp);
        }
    }

    @Test
    void the_first_record_as_young_as_asked_for_is_found_in_any_segment() throws Exception {
        checkAll(written(), 1);
    }

    @Test
    void it_is_found_after_a_restart_with_index_files_and_without() throws Exception {
        EngineDriver node = written();
        node.close();
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        node.fence(2);
        node.reconcile(P0, 2, Incarnation.of(1, 1), 120);
        checkAll(node, 2);
        for (String path : node.disk.files()) {
            if (path.endsWith("index")) {
                node.disk.flipBit(path, 8 * 5);
            }
        }
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        node.fence(3);
        node.reconcile(P0, 3, Incarnation.of(1, 1), 120);
        checkAll(node, 3);
    }
}
