package io.ackgate.gateway.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.runtime.ReadMemory.Place;
import io.ackgate.gateway.runtime.ReadMemory.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** One bound for the answers to all readers, and who gets room when it is used up. */
class ReadMemoryTest {
    private static final long SECOND = 1_000_000_000L;

    /** Kept, since a logger that nobody holds forgets its level. */
    private static final Logger QUIET = Logger.getLogger(ReadMemory.class.getName());

    static {
        QUIET.setLevel(Level.OFF);
    }

    private long now;
    private final ReadMemory memory = new ReadMemory(800, () -> now);
    private final List<String> granted = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    /** So much time passes, and somebody looks each second. */
    private void pass(int seconds) {
        for (int second = 0; second < seconds; second++) {
            now += SECOND;
            memory.look();
        }
    }

    private Reader reader(String name) {
        return memory.reader(() -> told.add(name));
    }

    private Place ask(Reader reader, int size, String name) {
        return memory.ask(reader, size, () -> granted.add(name));
    }

    @Test
    void a_reader_that_takes_nothing_keeps_an_eighth() {
        Reader slow = reader("slow");
        assertTrue(ask(slow, 60, "1").isGranted());
        assertFalse(ask(slow, 60, "2").isGranted(), "more than an eighth");
        assertEquals(1, memory.waitingReads());
        Reader other = reader("other");
        assertTrue(ask(other, 60, "3").isGranted(), "it waits behind nobody");
        slow.hold(-20);
        assertEquals(List.of("2"), granted);
        assertEquals(160, memory.bytes());
    }

    @Test
    void what_an_answer_is_made_of_is_held_until_it_is_made_though_its_reader_is_gone() {
        Reader reader = reader("r");
        Place place = ask(reader, 500, "1");
        place.end(400);
        reader.making();
        reader.close();
        assertTrue(reader.isClosed());
        assertEquals(400, memory.bytes());
        assertFalse(ask(reader("other"), 500, "2").isGranted());
        reader.madeOne();
        assertEquals(List.of("2"), granted);
        assertEquals(500, memory.bytes());
        reader.made(300);
        reader.close();
        assertEquals(500, memory.bytes(), "nothing twice");
    }

    @Test
    void the_second_half_is_for_those_that_have_nothing() {
        for (int i = 0; i < 8; i++) {
            assertTrue(ask(reader("r"), 50, "first").isGranted());
        }
        Reader more = reader("more");
        assertTrue(ask(more, 50, "a").isGranted());
        assertFalse(ask(more, 50, "b").isGranted(), "half is used up");
        for (int i = 0; i < 7; i++) {
            assertTrue(ask(reader("r"), 50, "first").isGranted());
        }
        assertEquals(800, memory.bytes());
        assertFalse(ask(reader("late"), 50, "late").isGranted());
        more.hold(-50);
        assertEquals(List.of("late"), granted, "who has nothing came later, and goes first");
        assertEquals(800, memory.bytes());
    }

    @Test
    void an_answer_above_the_bound_is_read_while_it_is_alone() {
        Reader one = reader("one");
        Place large = ask(one, 5_000, "large");
        assertTrue(large.isGranted());
        assertFalse(ask(reader("two"), 1, "two").isGranted());
        large.end(700);
        assertEquals(List.of("two"), granted);
        assertEquals(701, memory.bytes());
    }

    @Test
    void what_is_not_wanted_any_more_is_not_granted() {
        Place full = ask(reader("full"), 800, "full");
        Place cancelled = ask(reader("cancelled"), 10, "cancelled");
        Reader gone = reader("gone");
        ask(gone, 10, "gone");
        ask(reader("stays"), 10, "stays");
        cancelled.end(0);
        gone.close();
        assertEquals(1, memory.waitingReads());
        full.end(0);
        full.end(0);
        assertEquals(List.of("stays"), granted);
        gone.hold(100);
        assertFalse(ask(gone, 10, "again").isGranted());
        assertEquals(10, memory.bytes());
    }

    @Test
    void who_has_taken_nothing_for_longest_gives_way_to_who_has_nothing() {
        Reader oldest = reader("oldest");
        ask(oldest, 400, "oldest").end(400);
        pass(1);
        Reader taking = reader("taking");
        ask(taking, 200, "taking").end(200);
        ask(reader("newest"), 200, "newest").end(200);
        pass(16);
        taking.taken(10);
        taking.hold(10);
        memory.look();
        assertEquals(List.of(), told, "nobody waits");
        Reader late = reader("late");
        ask(late, 300, "late");
        pass(4);
        assertEquals(List.of(), told, "nobody has waited for long");
        pass(1);
        assertEquals(List.of("oldest"), told, "one for one that waits");
        oldest.close();
        assertEquals(List.of("late"), granted);
    }

    @Test
    void only_what_the_transport_takes_is_taken() {
        Reader stalled = reader("stalled");
        ask(stalled, 60, "first").end(60);
        pass(16);
        ask(stalled, 30, "brings little").end(10);
        stalled.hold(-10);
        stalled.hold(10);
        stalled.taken(0);
        reader("full").hold(730);
        ask(reader("late"), 300, "late");
        pass(5);
        assertEquals(List.of("stalled"), told);
    }

    @Test
    void who_waits_for_a_node_is_not_one_that_takes_nothing() {
        Reader slowNode = reader("slow node");
        Place read = ask(slowNode, 800, "read");
        pass(16);
        ask(reader("late"), 300, "late");
        pass(5);
        assertEquals(List.of(), told);
        read.end(800);
        memory.look();
        assertEquals(List.of(), told, "it has just got what it is to take");
        pass(15);
        assertEquals(List.of("slow node"), told);
    }

    @Test
    void those_who_give_up_one_after_the_other_are_helped_as_well() {
        Reader stalled = reader("stalled");
        ask(stalled, 800, "stalled").end(800);
        pass(16);
        for (int i = 0; i < 6; i++) {
            Place impatient = ask(reader("impatient"), 100, "impatient");
            memory.look();
            assertEquals(i == 5 ? List.of("stalled") : List.of(), told);
            now += SECOND;
            impatient.end(0);
        }
        memory.look();
        assertEquals(List.of("stalled"), told, "nobody waits");
    }

    @Test
    void a_reader_that_fails_keeps_nobody_from_giving_way() {
        Reader failing =
                memory.reader(
                        () -> {
                            throw new IllegalStateException("as told");
                        });
        failing.hold(400);
        now += 1;
        reader("other").hold(400);
        pass(16);
        ask(reader("late"), 100, "late");
        ask(reader("later"), 100, "later");
        pass(5);
        assertEquals(List.of("other"), told);
    }

    @Test
    void what_passes_while_nobody_looks_says_little_of_a_reader() {
        Reader sound = reader("sound");
        ask(sound, 800, "sound").end(800);
        ask(reader("late"), 300, "late");
        now += 60 * SECOND;
        memory.look();
        memory.look();
        assertEquals(List.of(), told, "it could take nothing before the process went on");
        pass(12);
        assertEquals(List.of(), told);
        pass(1);
        assertEquals(List.of("sound"), told);
    }

    @Test
    void who_waits_now_has_not_waited_since_all_others_have_left() {
        Reader stalled = reader("stalled");
        ask(stalled, 800, "stalled").end(800);
        ask(reader("impatient"), 100, "impatient").end(0);
        stalled.hold(-600);
        stalled.hold(600);
        pass(20);
        ask(reader("late"), 100, "late");
        memory.look();
        assertEquals(List.of(), told);
        pass(5);
        assertEquals(List.of("stalled"), told);
    }

    @Test
    void who_waits_for_its_answer_to_be_made_is_not_one_that_takes_nothing() {
        Reader unpacked = reader("unpacked");
        ask(unpacked, 800, "read").end(700);
        unpacked.hold(100);
        unpacked.making();
        ask(reader("late"), 300, "late");
        pass(30);
        assertEquals(List.of(), told);
        unpacked.made(600);
        assertEquals(600, unpacked.held());
        pass(14);
        assertEquals(List.of(), told, "the transport has got it just now");
        pass(1);
        assertEquals(List.of("unpacked"), told);
    }

    @Test
    void one_answer_of_several_that_is_made_leaves_what_is_held() {
        Reader unpacked = reader("unpacked");
        ask(unpacked, 800, "read").end(700);
        unpacked.making();
        ask(reader("late"), 400, "late");
        pass(30);
        assertEquals(List.of(), told);
        unpacked.madeOne();
        assertEquals(700, unpacked.held());
        pass(14);
        assertEquals(List.of(), told, "it waited for its answer until just now");
        pass(1);
        assertEquals(List.of("unpacked"), told);
    }

    @Test
    void whatever_happens_the_bound_holds_and_everything_is_given_back() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            ReadMemory tried = new ReadMemory(1_000, () -> now);
            List<Reader> readers = new ArrayList<>();
            List<Place> places = new ArrayList<>();
            List<Reader> kept = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                now += random.nextInt(1_000);
                int what = random.nextInt(6);
                if (readers.isEmpty() || what == 0) {
                    readers.add(tried.reader(() -> {}));
                }
                Reader reader = readers.get(random.nextInt(readers.size()));
                if (what <= 2) {
                    places.add(tried.ask(reader, random.nextInt(1, 200), () -> {}));
                } else if (what == 3 && !places.isEmpty()) {
                    places.remove(random.nextInt(places.size())).end(0);
                } else if (what == 4) {
                    reader.close();
                    readers.remove(reader);
                    kept.remove(reader);
                } else if (kept.remove(reader)) {
                    reader.hold(-50);
                } else {
                    reader.hold(50);
                    kept.add(reader);
                }
                assertTrue(tried.bytes() <= 1_000 + 50 * kept.size(), "seed " + seed);
            }
            places.forEach(place -> place.end(0));
            for (Reader reader : readers) {
                assertEquals(kept.contains(reader) ? 50 : 0, reader.held(), "seed " + seed);
            }
            assertEquals(50L * kept.size(), tried.bytes(), "seed " + seed);
            assertEquals(0, tried.waitingReads(), "seed " + seed);
            readers.forEach(Reader::close);
            assertEquals(0, tried.bytes(), "seed " + seed);
            assertEquals(0, tried.waitingReads(), "seed " + seed);
        }
    }
}
