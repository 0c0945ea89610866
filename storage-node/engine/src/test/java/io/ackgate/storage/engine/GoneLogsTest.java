package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The file system of the logs is not mounted at one start, and is at a later one. */
class GoneLogsTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    private EngineDriver node;
    private List<String> all;

    /** Some batches are in the segments, others in the journal only. */
    @BeforeEach
    void write() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, PAGE_CACHE);
        for (int i = 0; i < 12; i++) {
            node.append(i, 1, "a" + i + "v".repeat(400));
            if (i == 6) {
                node.append(P1, 1, Frames.of(P1, 0, 1, "of a page cache"));
                node.tick(6_000);
                node.tick(60);
            }
        }
        all = node.read(P0, 1, 0);
    }

    private void start(String boot) throws Exception {
        node.disk.closeHandles();
        node = node.reopen(boot);
    }

    private void startUnmounted() throws Exception {
        node.disk.losePower(0);
        startUnmounted("boot-2");
    }

    private void startUnmounted(String boot) throws Exception {
        node.disk.closeHandles();
        node.disk.rename("partitions", "elsewhere");
        start(boot);
        assertEquals(2, node.engine.notes().size(), node.engine.notes().toString());
    }

    private void startMounted() throws Exception {
        startMounted("boot-2");
    }

    private void startMounted(String boot) throws Exception {
        node.disk.closeHandles();
        node.disk.deleteRecursively("partitions");
        node.disk.rename("elsewhere", "partitions");
        start(boot);
    }

    private List<String> logs() {
        return node.disk.files().stream().filter(path -> path.contains("/" + P0 + ".")).toList();
    }

    private void requireAll(int epoch) {
        StorageAnswer.Fenced fenced =
                assertInstanceOf(StorageAnswer.Fenced.class, node.fence(epoch));
        assertEquals(FIRST, fenced.incarnation());
        node.reconcile(P0, epoch, FIRST, 12);
        assertEquals(all, node.read(P0, epoch, 0));
    }

    @Test
    void the_log_is_the_same_when_it_is_there_again() throws Exception {
        startUnmounted();
        assertEquals(new StorageAnswer.Missing(P0, 2), node.fence(2));
        startMounted();
        requireAll(3);
    }

    @Test
    void also_after_checkpoints_and_further_starts_without_it() throws Exception {
        startUnmounted();
        node.tick(6_000);
        node.ready(EngineDriver.P1, 2, FSYNC);
        node.tick(6_000);
        node.tick(60);
        start("boot-2");
        assertEquals(new StorageAnswer.Missing(P0, 2), node.fence(2));
        node.close();
        start("boot-2");
        startMounted();
        requireAll(3);
        start("boot-2");
        requireAll(4);
    }

    @Test
    void a_page_cache_log_of_which_the_machine_has_stopped_meanwhile_is_void() throws Exception {
        startUnmounted();
        node.close();
        startMounted();
        assertEquals(Incarnation.NONE, incarnationOfPageCache());
    }

    private Incarnation incarnationOfPageCache() {
        return assertInstanceOf(
                        StorageAnswer.Fenced.class,
                        node.ask(SESSION, new StorageRequest.Fence(P1, 2)))
                .incarnation();
    }

    /** Of a killed process, which has left its last appends to the operating system. */
    @Test
    void so_it_is_when_the_machine_stops_after_the_node_was_shut_down_without_it()
            throws Exception {
        startUnmounted("boot-1");
        node.close();
        startMounted("boot-2");
        assertEquals(Incarnation.NONE, incarnationOfPageCache());
        requireAll(2);
    }

    @Test
    void so_it_is_after_further_starts_and_shutdowns_without_it() throws Exception {
        startUnmounted("boot-1");
        node.close();
        start("boot-1");
        node.tick(6_000);
        node.tick(60);
        node.close();
        startMounted("boot-2");
        assertEquals(Incarnation.NONE, incarnationOfPageCache());
    }

    @Test
    void it_is_the_same_as_before_while_the_machine_runs() throws Exception {
        startUnmounted("boot-1");
        node.close();
        startMounted("boot-1");
        assertEquals(FIRST, incarnationOfPageCache());
    }

    /** What the first shutdown has synced nobody has written to since. */
    @Test
    void it_is_the_same_after_shutdowns_with_it_and_without_it() throws Exception {
        start("boot-1");
        node.close();
        startUnmounted("boot-1");
        node.close();
        startMounted("boot-2");
        assertEquals(FIRST, incarnationOfPageCache());
    }

    @Test
    void another_log_that_was_assigned_meanwhile_takes_its_place() throws Exception {
        startUnmounted();
        node.ready(P0, 2, FSYNC);
        node.close();
        startMounted();
        assertEquals(new StorageAnswer.Missing(P0, 3), node.fence(3));
        assertEquals(List.of(), logs(), "it was given up by its owner");
    }

    private void isDeleted() {
        assertEquals(
                new StorageAnswer.Deleted(P0, 2),
                node.ask(SESSION, new StorageRequest.Delete(P0, 2)));
    }

    private void requireDeleted() {
        assertEquals(new StorageAnswer.Missing(P0, 3), node.fence(3));
        assertEquals(List.of(), logs());
        assertTrue(node.engine.notes().isEmpty(), node.engine.notes().toString());
    }

    @Test
    void what_is_deleted_meanwhile_does_not_come_back() throws Exception {
        startUnmounted();
        isDeleted();
        startMounted();
        requireDeleted();
    }

    @Test
    void nor_does_what_another_log_had_taken_the_place_of_before() throws Exception {
        startUnmounted();
        node.ready(P0, 2, FSYNC);
        isDeleted();
        node.close();
        startMounted();
        requireDeleted();
    }
}
