package io.ackgate.storage.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What another replica's answer says about the log of a leader. */
class LogOutlineTest {
    private static final PartitionId ID = new PartitionId(new TopicId(1, 2), 0);
    private static final EpochChain ONE = EpochChain.EMPTY.append(1, 0);
    private static final LogOutline LEADER = new LogOutline(0, 10, ONE);

    private static StorageAnswer.Fenced replica(long end, long highWatermark, EpochChain chain) {
        return new StorageAnswer.Fenced(ID, 2, Incarnation.of(1, 1), 0, end, highWatermark, chain);
    }

    @Test
    void a_log_that_ends_below_what_is_committed_lacks_it() {
        assertNotNull(LEADER.lacks(replica(12, 11, ONE)));
        assertNull(LEADER.lacks(replica(12, 10, ONE)));
    }

    @Test
    void a_log_that_parts_below_what_is_committed_lacks_it() {
        EpochChain other = ONE.append(2, 6);
        LogOutline leader = new LogOutline(0, 10, ONE.append(3, 6));
        assertEquals(6, leader.agreesUpTo(replica(8, 6, other)));
        assertNotNull(leader.lacks(replica(8, 7, other)));
        assertNull(leader.lacks(replica(8, 6, other)));
    }

    @Test
    void what_a_replica_has_lost_itself_proves_nothing() {
        assertNull(LEADER.lacks(replica(5, 8, ONE)));
        assertNotNull(LEADER.lacks(replica(5, 11, ONE)), "the leader has lost it as well");
        assertNotNull(LEADER.lacks(replica(5, 11, ONE.append(2, 5))));
    }

    @Test
    void a_log_that_starts_behind_the_end_of_another_lacks_what_is_before() {
        StorageAnswer.Fenced later =
                new StorageAnswer.Fenced(
                        ID, 2, Incarnation.of(1, 1), 11, 11, 0, EpochChain.EMPTY.append(1, 11));
        assertNotNull(LEADER.lacks(later), "retention took only what was committed");
    }

    @Test
    void what_retention_has_taken_from_the_leader_is_not_lacking() {
        LogOutline leader = new LogOutline(9, 50, EpochChain.EMPTY.append(2, 9));
        assertNull(leader.lacks(replica(3, 3, ONE)));
        assertNull(leader.lacks(replica(9, 9, ONE)));
    }

    private static boolean mayPart(long start, long end, long highWatermark, EpochChain chain) {
        LogOutline leader = new LogOutline(9, 50, EpochChain.EMPTY.append(2, 9));
        return leader.mayPartBelowStart(
                new StorageAnswer.Fenced(
                        ID, 3, Incarnation.of(1, 1), start, end, highWatermark, chain));
    }

    @Test
    void a_log_that_shares_no_record_may_part_where_retention_has_taken_all() {
        assertTrue(mayPart(0, 15, 7, ONE), "it parts at 9, and perhaps at 7");
        assertTrue(mayPart(0, 9, 7, ONE), "it ends where the leader's starts");
    }

    @Test
    void a_log_cannot_part_below_what_it_shares() {
        assertFalse(mayPart(0, 15, 9, ONE), "all below the start is committed");
        assertFalse(mayPart(9, 15, 7, EpochChain.EMPTY.append(1, 9)), "it holds nothing below");
        assertFalse(mayPart(0, 10, 7, ONE.append(2, 7)), "they agree on the record at 9");
    }
}
