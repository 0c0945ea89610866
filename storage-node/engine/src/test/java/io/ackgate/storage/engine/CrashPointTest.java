package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.SimulatedCrash;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The machine or the process stops at every operation on the disk, one after the other. */
class CrashPointTest {
    private static final int LAST_EPOCH = 1_000;

    private enum Kind {
        PROCESS_KILLED,
        NOTHING_UNSYNCED_SURVIVES,
        CHANCE
    }

    @Test
    void the_process_is_killed_at_every_operation() throws Exception {
        everywhere(Kind.PROCESS_KILLED, 0);
    }

    @Test
    void power_is_lost_at_every_operation_with_all_that_was_not_synced() throws Exception {
        everywhere(Kind.NOTHING_UNSYNCED_SURVIVES, 0);
    }

    @Test
    @Tag("slow")
    void power_is_lost_at_every_operation_and_chance_decides_what_survives() throws Exception {
        for (int seed = 1; seed <= 4; seed++) {
            everywhere(Kind.CHANCE, seed);
        }
    }

    @Test
    @Tag("slow")
    void recovery_is_interrupted_as_well() throws Exception {
        Random chance = new Random(5);
        long operations = operations();
        for (long at = 1; at <= operations; at += 1 + chance.nextInt(9)) {
            CrashScript script = crashed(at);
            stop(script, Kind.CHANCE, at);
            boolean interrupted = true;
            for (int again = 0; again < 3 && interrupted; again++) {
                script.node.disk.crashAt(script.node.disk.operations() + 1 + chance.nextInt(40));
                try {
                    script.node.reopen("boot-" + (2 + again));
                    interrupted = false;
                } catch (SimulatedCrash again2) {
                    stop(script, Kind.CHANCE, at + again);
                }
            }
            script.node.disk.crashAt(Long.MAX_VALUE);
            check(script, script.node.reopen("boot-9"), true, "operation " + at);
        }
    }

    private static void everywhere(Kind kind, int seed) throws Exception {
        long operations = operations();
        assertTrue(operations > 200, "the script is worth it: " + operations);
        for (long at = 1; at <= operations; at++) {
            CrashScript script = crashed(at);
            stop(script, kind, at * 31 + seed);
            String boot = kind == Kind.PROCESS_KILLED ? "boot-1" : "boot-2";
            String where = kind + " at operation " + at + ", seed " + seed;
            EngineDriver node = script.node.reopen(boot);
            check(script, node, kind != Kind.PROCESS_KILLED, where);
        }
    }

    private static long operations() throws Exception {
        EngineDriver node = new EngineDriver();
        new CrashScript(node).run();
        return node.disk.operations();
    }

    /** A script that was stopped at an operation after the first start. */
    private static CrashScript crashed(long at) throws Exception {
        CrashScript script = new CrashScript(new EngineDriver());
        script.node.disk.crashAt(Math.max(at, script.node.disk.operations() + 1));
        try {
            script.run();
            fail("operation " + at + " was never reached");
        } catch (SimulatedCrash expected) {
            script.noteAnswers();
        }
        return script;
    }

    private static void stop(CrashScript script, Kind kind, long seed) {
        switch (kind) {
            case PROCESS_KILLED -> script.node.disk.closeHandles();
            case NOTHING_UNSYNCED_SURVIVES -> script.node.disk.losePower(0);
            case CHANCE -> script.node.disk.losePower(Chance.of(new Random(seed)), 0.5);
        }
    }

    private static void check(
            CrashScript script, EngineDriver node, boolean powerLost, String where)
            throws Exception {
        assertEquals(List.of(), node.engine.notes(), where);
        for (PartitionId partition : script.models.keySet()) {
            checkReplica(script.model(partition), node, partition, powerLost, where);
        }
    }

    private static void checkReplica(
            LogModel model,
            EngineDriver node,
            PartitionId partition,
            boolean powerLost,
            String where)
            throws Exception {
        ReplicaStatus status = node.engine.describe(partition);
        String what = where + ", " + partition + " is " + status;
        if (status == null) {
            assertTrue(model.possible().stream().anyMatch(s -> !s.exists()), what);
            return;
        }
        boolean voided = powerLost && status.durability() == Durability.PAGE_CACHE;
        List<String> frames = readAll(node, partition, status, voided);
        String all = what + " with " + frames + "\nmodel: " + model.possible();
        if (voided) {
            assertEquals(Incarnation.NONE, status.incarnation(), what);
            assertTrue(model.ever().stream().anyMatch(s -> isPrefix(frames, status, s)), all);
            assertTrue(model.possible().stream().anyMatch(s -> s.epoch() == status.epoch()), all);
            return;
        }
        assertTrue(model.possible().stream().anyMatch(s -> matches(s, status, frames)), all);
        goesOn(node, partition, status, where);
    }

    /** Retention may have taken some of the oldest. */
    private static boolean matches(LogModel.State state, ReplicaStatus status, List<String> got) {
        return state.exists()
                && state.epoch() == status.epoch()
                && state.incarnation().equals(status.incarnation())
                && state.end() == status.logEnd()
                && got.equals(from(state, status.logStart()));
    }

    private static boolean isPrefix(List<String> got, ReplicaStatus status, LogModel.State state) {
        List<String> wanted = from(state, status.logStart());
        return state.exists()
                && got.size() <= wanted.size()
                && wanted.subList(0, got.size()).equals(got);
    }

    private static List<String> from(LogModel.State state, long start) {
        int first = 0;
        while (first < state.bases().size() && state.bases().get(first) < start) {
            first++;
        }
        return state.frames().subList(first, state.frames().size());
    }

    private static List<String> readAll(
            EngineDriver node, PartitionId partition, ReplicaStatus status, boolean voided) {
        StorageRequest takeOver =
                voided
                        ? new StorageRequest.Assign(
                                partition,
                                LAST_EPOCH,
                                Incarnation.of(LAST_EPOCH, 7),
                                EngineDriver.PAGE_CACHE,
                                true)
                        : new StorageRequest.Fence(partition, LAST_EPOCH);
        StorageAnswer.Fenced fenced =
                (StorageAnswer.Fenced) node.ask(EngineDriver.SESSION, takeOver);
        node.reconcile(partition, LAST_EPOCH, fenced.incarnation(), fenced.logEnd());
        assertEquals(status.logEnd(), fenced.logEnd());
        return node.read(partition, LAST_EPOCH, fenced.logStart());
    }

    /** What was recovered takes appends, and those survive the next crash with the rest. */
    private static void goesOn(
            EngineDriver node, PartitionId partition, ReplicaStatus status, String where)
            throws Exception {
        long end = status.logEnd();
        for (int i = 0; i < 3; i++) {
            StorageAnswer answer =
                    node.append(
                            partition,
                            LAST_EPOCH,
                            Frames.of(partition, end + i, LAST_EPOCH, "after" + i));
            assertEquals(
                    new StorageAnswer.Appended(
                            partition, LAST_EPOCH, status.incarnation(), end + i + 1),
                    answer,
                    where);
        }
    }

    /** The script itself reaches what it is to reach. */
    @Test
    void the_script_does_what_it_says() throws Exception {
        EngineDriver node = new EngineDriver();
        CrashScript script = new CrashScript(node);
        script.run();
        check(script, node, false, "at the end");
        ReplicaStatus p0 = Objects.requireNonNull(node.engine.describe(P0));
        assertTrue(p0.logStart() > 0, "retention has deleted something: " + p0);
        ReplicaStatus p1 = Objects.requireNonNull(node.engine.describe(P1));
        assertEquals(Durability.FSYNC, p1.durability());
    }
}
