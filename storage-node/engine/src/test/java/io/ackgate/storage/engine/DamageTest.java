package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.SimulatedCrash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bytes that change and files that go: said, and never passed over. */
class DamageTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);

    /** Of so many bytes one is turned over; 7 takes a minute. */
    private static final int STRIDE = Integer.getInteger("ackgate.flip.stride", 31);

    /** Two replicas with records in the journal, in segments before a checkpoint and after it. */
    private static EngineDriver written() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        node.ready(P1, 1, FSYNC);
        for (int i = 0; i < 6; i++) {
            node.append(P0, 1, Frames.of(P0, i, 1, "a" + i + "w".repeat(500)));
            node.append(P1, 1, Frames.of(P1, i, 1, "b" + i + "w".repeat(500)));
        }
        node.tick(6_000);
        node.tick(60);
        for (int i = 6; i < 10; i++) {
            node.append(P0, 1, Frames.of(P0, i, 1, "a" + i + "w".repeat(500)));
            node.append(P1, 1, Frames.of(P1, i, 1, "b" + i + "w".repeat(500)));
        }
        // What was synced last is vouched for by the next group, which a tick writes.
        node.tick(60);
        return node;
    }

    private static Map<PartitionId, List<String>> contents(EngineDriver node) {
        Map<PartitionId, List<String>> contents = new HashMap<>();
        for (PartitionId partition : List.of(P0, P1)) {
            contents.put(partition, node.read(partition, 1, 0));
        }
        return contents;
    }

    @Test
    void a_bit_that_turns_over_anywhere_is_found_or_does_no_harm() throws Exception {
        EngineDriver sample = written();
        Map<PartitionId, List<String>> wanted = contents(sample);
        Map<String, Integer> outcomes = new HashMap<>();
        for (String path : sample.disk.files()) {
            byte[] content = sample.disk.content(path);
            for (int at = 0; at < content.length; at++) {
                boolean worthIt = content[at] != 0 || at % 64 == 0;
                if (worthIt && at % STRIDE == 3) {
                    flipAndLook(path, at, wanted, outcomes);
                }
            }
        }
        assertTrue(outcomes.getOrDefault("faulty", 0) > 20, outcomes.toString());
        assertTrue(outcomes.getOrDefault("corrupt read", 0) > 20, outcomes.toString());
        assertTrue(outcomes.getOrDefault("sound", 0) > 20, outcomes.toString());
    }

    private static void flipAndLook(
            String path,
            int at,
            Map<PartitionId, List<String>> wanted,
            Map<String, Integer> outcomes)
            throws Exception {
        EngineDriver node = written();
        node.disk.flipBit(path, at * 8L + at % 8);
        node.disk.losePower(0);
        String where = path + " byte " + at;
        EngineDriver again = node.reopen("boot-2");
        for (PartitionId partition : List.of(P0, P1)) {
            String outcome = look(again, partition, requireNonNull(wanted.get(partition)), where);
            outcomes.merge(outcome, 1, Integer::sum);
        }
    }

    private static String look(
            EngineDriver node, PartitionId partition, List<String> wanted, String where) {
        StorageAnswer answer = node.ask(SESSION, new StorageRequest.Fence(partition, 2));
        if (answer instanceof StorageAnswer.Faulty faulty) {
            assertEquals(Fault.CORRUPT, faulty.fault(), where);
            return "faulty";
        }
        StorageAnswer.Fenced fenced = assertInstanceOf(StorageAnswer.Fenced.class, answer, where);
        assertEquals(FIRST, fenced.incarnation(), where);
        assertEquals(10, fenced.logEnd(), where + ": nothing is cut off silently");
        node.reconcile(partition, 2, FIRST, 10);
        int next = 0;
        while (next < 10) {
            StorageAnswer.Records records = node.readOnce(partition, 2, next);
            if (records.status() == StorageAnswer.ReadStatus.CORRUPT) {
                return "corrupt read";
            }
            for (String frame : Frames.identities(records.frames())) {
                assertEquals(wanted.get(next++), frame, where);
            }
        }
        return "sound";
    }

    @Test
    void damage_is_remembered_until_the_replica_is_assigned_anew() throws Exception {
        EngineDriver node = written();
        String segment = segments(node, P0).get(0);
        node.disk.closeHandles();
        node.disk.delete(segment);
        EngineDriver again = node.reopen("boot-1");
        assertInstanceOf(StorageAnswer.Faulty.class, again.fence(2));
        again.close();
        again = again.reopen("boot-1");
        StorageAnswer.Faulty faulty = assertInstanceOf(StorageAnswer.Faulty.class, again.fence(3));
        assertEquals(FIRST, faulty.incarnation());
        assertInstanceOf(
                StorageAnswer.Faulty.class,
                again.ask(
                        SESSION,
                        new StorageRequest.Assign(P0, 3, Incarnation.of(3, 1), FSYNC, true)),
                "a damaged log is not kept");
        StorageAnswer.Fenced fenced =
                assertInstanceOf(StorageAnswer.Fenced.class, again.assign(P0, 3, FSYNC));
        assertEquals(0, fenced.logEnd());
        again.reconcile(P0, 3, Incarnation.of(3, 1), 0);
        assertInstanceOf(StorageAnswer.Appended.class, again.append(0, 3, "fresh"));
    }

    private static List<String> segments(EngineDriver node, PartitionId partition) {
        return node.disk.files().stream()
                .filter(f -> f.contains(partition + ".") && f.endsWith(".log"))
                .toList();
    }

    @Test
    void every_segment_that_is_missing_makes_the_replica_corrupt_and_no_other() throws Exception {
        int segments = segments(written(), P0).size();
        assertTrue(segments >= 3, segments + " segments");
        for (int i = 0; i < segments; i++) {
            EngineDriver node = written();
            node.disk.closeHandles();
            node.disk.delete(segments(node, P0).get(i));
            EngineDriver again = node.reopen("boot-1");
            StorageAnswer answer = again.fence(2);
            if (answer instanceof StorageAnswer.Fenced fenced) {
                // The journal still had all that stood in it.
                assertEquals(10, fenced.logEnd());
                again.reconcile(P0, 2, FIRST, 10);
                assertEquals(10, again.read(P0, 2, 0).size());
            } else {
                StorageAnswer.Faulty faulty = assertInstanceOf(StorageAnswer.Faulty.class, answer);
                assertEquals(Fault.CORRUPT, faulty.fault());
            }
            assertInstanceOf(
                    StorageAnswer.Fenced.class,
                    again.ask(SESSION, new StorageRequest.Fence(P1, 2)));
        }
    }

    @Test
    void a_segment_that_was_cut_short_is_not_taken_for_a_torn_tail() throws Exception {
        EngineDriver node = written();
        node.close();
        String last = segments(node, P0).get(segments(node, P0).size() - 1);
        node.disk.closeHandles();
        try (var file = node.disk.open(last)) {
            file.truncate(file.size() - 1);
        }
        EngineDriver again = node.reopen("boot-1");
        assertInstanceOf(StorageAnswer.Faulty.class, again.fence(2));
    }

    @Test
    void a_lost_directory_is_a_missing_replica() throws Exception {
        EngineDriver node = written();
        node.close();
        node.disk.closeHandles();
        String segment = segments(node, P0).get(0);
        node.disk.deleteRecursively(segment.substring(0, segment.lastIndexOf('/')));
        EngineDriver again = node.reopen("boot-1");
        assertEquals(new StorageAnswer.Missing(P0, 2), again.fence(2));
        assertInstanceOf(
                StorageAnswer.Fenced.class, again.ask(SESSION, new StorageRequest.Fence(P1, 2)));
    }

    @Test
    void without_its_checkpoint_a_node_knows_nothing_and_deletes_nothing() throws Exception {
        EngineDriver node = written();
        node.disk.closeHandles();
        List<String> logs = segments(node, P0);
        node.disk.delete("checkpoint");
        node.disk.delete("checkpoint.copy");
        for (int start = 0; start < 2; start++) {
            node = node.reopen("boot-1");
            assertEquals(new StorageAnswer.Missing(P0, 2), node.fence(2));
            assertEquals(logs, segments(node, P0), "somebody may want to look at them");
            assertInstanceOf(StorageAnswer.Fenced.class, node.assign(P1, 1, FSYNC));
        }
    }

    @Test
    void every_journal_file_that_is_missing_is_missed() throws Exception {
        List<String> journal =
                written().disk.files().stream().filter(f -> f.startsWith("journal/")).toList();
        int missed = 0;
        for (String path : journal) {
            EngineDriver node = written();
            node.disk.closeHandles();
            node.disk.delete(path);
            EngineDriver again = node.reopen("boot-1");
            StorageAnswer answer = again.fence(2);
            if (answer instanceof StorageAnswer.Faulty) {
                missed++;
            } else {
                assertEquals(10, ((StorageAnswer.Fenced) answer).logEnd(), path + " held nothing");
            }
        }
        assertTrue(missed > 0, "the file being written is among them");
    }

    @Test
    void a_torn_group_at_the_journals_end_is_nothing_to_worry_about() throws Exception {
        EngineDriver node = written();
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 10, 1, "q"), 0));
        Sync sync = node.engine.beginSync();
        assertInstanceOf(Sync.class, sync);
        // It is written, and its end does not make it to the disk.
        long operations = node.disk.operations();
        node.disk.crashAt(operations + 2);
        assertThrows(SimulatedCrash.class, sync::run);
        node.disk.losePower(0);
        EngineDriver again = node.reopen("boot-2");
        assertEquals(List.of(), again.engine.notes());
        assertEquals(10, ((StorageAnswer.Fenced) again.fence(2)).logEnd());
    }

    @Test
    void page_cache_replicas_are_not_sound_either_when_the_journal_is_not() throws Exception {
        EngineDriver node = new EngineDriver();
        node.ready(P0, 1, PAGE_CACHE);
        node.append(0, 1, "x");
        node.ask(SESSION, new StorageRequest.Fence(P0, 7));
        node.tick(60);
        node.tick(60);
        List<String> journal =
                node.disk.files().stream().filter(f -> f.startsWith("journal/")).toList();
        node.disk.flipBit(journal.get(0), 8 * 60);
        node.disk.closeHandles();
        EngineDriver again = node.reopen("boot-1");
        // It may have promised itself to 7, and it had: it must not obey 2 as if nothing were.
        assertTrue(
                again.fence(2) instanceof StorageAnswer.Faulty
                        || again.fence(2) instanceof StorageAnswer.Missing);
    }
}
