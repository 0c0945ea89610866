package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.TopicId;
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
    }
}
