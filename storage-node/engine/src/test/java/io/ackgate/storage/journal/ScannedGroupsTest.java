package io.ackgate.storage.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which groups make up a journal. */
class ScannedGroupsTest {
    private static final JournalPosition START = at(3, 512);

    private final ScannedGroups groups = new ScannedGroups();

    private static JournalPosition at(long generation, int offset) {
        return new JournalPosition(generation, offset);
    }

    private void add(JournalPosition begin, JournalPosition follows, int bytes) {
        JournalPosition end = at(begin.generation(), begin.offset() + bytes);
        groups.add(new ScannedGroup(begin, at(0, 0), follows, end, true, true, 0));
    }

    private List<JournalPosition> followed() {
        List<JournalPosition> begins = new ArrayList<>();
        for (int i = groups.nextFollowed(0); i >= 0; i = groups.nextFollowed(i + 1)) {
            begins.add(groups.place(i).begin());
        }
        return begins;
    }

    @Test
    void one_follows_the_other_through_all_files() {
        JournalPosition end = START;
        List<JournalPosition> expected = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            JournalPosition begin = i % 100 == 99 ? at(end.generation() + 1, 0) : end;
            add(begin, end, 1_024);
            expected.add(begin);
            end = at(begin.generation(), begin.offset() + 1_024);
        }
        assertEquals(end, groups.follow(START, START));
        assertEquals(expected, followed());
    }

    @Test
    void what_a_failed_sync_left_is_followed_by_none() {
        add(START, START, 512);
        add(at(3, 1_024), at(3, 1_024), 512);
        add(at(3, 1_536), at(3, 1_536), 512);
        add(at(4, 0), at(3, 1_024), 512);
        assertEquals(at(4, 512), groups.follow(START, START));
        assertEquals(List.of(START, at(4, 0)), followed());
    }

    @Test
    void the_first_may_follow_what_was_synced_before_the_start() {
        add(START, at(2, 9_216), 512);
        add(at(3, 1_024), at(3, 1_024), 512);
        assertEquals(at(3, 1_536), groups.follow(START, START));
        assertEquals(List.of(START, at(3, 1_024)), followed());
    }

    @Test
    void nothing_follows_what_is_not_there() {
        add(at(3, 2_048), at(3, 1_536), 512);
        assertEquals(START, groups.follow(START, START));
        assertEquals(List.of(), followed());
    }

    private void addTorn(JournalPosition begin, JournalPosition follows, int bytes) {
        JournalPosition end = at(begin.generation(), begin.offset() + bytes);
        groups.add(new ScannedGroup(begin, at(0, 0), follows, end, false, true, 0));
    }

    @Test
    void a_group_that_is_torn_counts_only_if_it_was_synced() {
        add(START, START, 512);
        addTorn(at(3, 1_024), at(3, 1_024), 512);
        assertEquals(at(3, 1_024), groups.follow(START, START), "nobody says that it was");
        assertEquals(at(3, 1_024), groups.follow(START, at(3, 1_024)), "up to it, and no further");
        assertEquals(at(3, 1_536), groups.follow(START, at(3, 1_536)));
        assertEquals(List.of(START, at(3, 1_024)), followed());
    }
}
