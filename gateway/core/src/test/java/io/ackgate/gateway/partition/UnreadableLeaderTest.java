package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.NodeId;
import org.junit.jupiter.api.Test;

/** A leader whose disk gives nothing any more, and still takes all that it is sent. */
class UnreadableLeaderTest {
    private final Cluster cluster = new Cluster(3, 2);
    private final Cluster.Gateway owner = cluster.owner();

    private NodeId leader() {
        return cluster.state.leader().orElseThrow();
    }

    private void written() {
        long token = owner.produce(Acks.ALL, "x");
        cluster.settle();
        assertInstanceOf(ProduceOutcome.Written.class, owner.outcome(token));
    }

    @Test
    void another_member_leads_and_it_stays_in_sync() {
        written();
        NodeId first = leader();
        cluster.replica(first).unreadable = true;
        long token = owner.fetch(0, 1 << 20, 1);
        cluster.run(5_000);
        assertNotEquals(first, leader());
        assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(token));
        PartitionEvent.LeaderChanged changed =
                owner.events(PartitionEvent.LeaderChanged.class).getFirst();
        assertEquals("its disk cannot be read", changed.reason());
        assertEquals(1, cluster.state.leaderEpoch());
        assertEquals(3, cluster.state.isr().size(), "all that it was sent is on it");
        assertEquals(1, cluster.replica(first).frames.size());
        assertTrue(owner.events(PartitionEvent.ReplicaLost.class).isEmpty());
        written();
        assertEquals(2, cluster.replica(first).frames.size());
    }

    @Test
    void one_bad_sector_counts_beside_reads_that_succeed() {
        written();
        written();
        NodeId first = leader();
        cluster.replica(first).badOffset = 0;
        long behind = owner.fetch(0, 1 << 20, 1);
        for (int i = 0; i < 200; i++) {
            long atTheTail = owner.fetch(1);
            cluster.run(10);
            assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(atTheTail));
        }
        assertNotEquals(first, leader());
        assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(behind));
        assertEquals(3, cluster.state.isr().size());
    }

    @Test
    void a_dead_disk_counts_though_nothing_is_sought_twice() {
        written();
        NodeId first = leader();
        cluster.replica(first).unreadable = true;
        for (int i = 0; i < 40; i++) {
            owner.step(new PartitionInput.Fetch(1_000 + i, 0, 1_000 + i, 1, cluster.now));
            cluster.run(20);
        }
        assertNotEquals(first, leader());
    }

    @Test
    void a_fault_that_passes_soon_changes_nothing() {
        written();
        NodeId first = leader();
        cluster.replica(first).unreadable = true;
        long token = owner.fetch(0, 1 << 20, 1);
        cluster.run(50);
        cluster.replica(first).unreadable = false;
        cluster.run(2_000);
        assertInstanceOf(FetchOutcome.Fetched.class, owner.replies.get(token));
        assertEquals(first, leader());
    }

    @Test
    void reads_that_do_not_wait_find_it_out_as_well() {
        written();
        NodeId first = leader();
        cluster.replica(first).unreadable = true;
        for (int i = 0; i < 4; i++) {
            owner.fetch(0);
            cluster.run(1_000);
        }
        assertNotEquals(first, leader());
    }

    @Test
    void failures_far_apart_are_not_taken_together() {
        written();
        NodeId first = leader();
        for (int i = 0; i < 3; i++) {
            cluster.replica(first).unreadable = true;
            long token = owner.fetch(0, 1 << 20, 1);
            cluster.run(20);
            owner.step(new PartitionInput.Cancel(token));
            cluster.run(31_000);
        }
        assertEquals(first, leader());
    }

    @Test
    void where_no_disk_can_be_read_the_leader_changes_no_more_than_once_for_each() {
        written();
        cluster.nodes.forEach(node -> cluster.replica(node).unreadable = true);
        for (int i = 0; i < 10; i++) {
            owner.fetch(0, 1 << 20, 1);
            cluster.run(10_000);
        }
        assertEquals(2, owner.events(PartitionEvent.LeaderChanged.class).size());
        assertEquals(3, cluster.state.isr().size());
        written();
    }

    @Test
    void a_member_whose_disk_cannot_be_read_leads_when_the_leader_is_gone() {
        written();
        NodeId first = leader();
        cluster.replica(first).unreadable = true;
        owner.fetch(0, 1 << 20, 1);
        cluster.run(5_000);
        NodeId second = leader();
        cluster.nodes.stream().filter(node -> !node.equals(first)).forEach(owner::disconnect);
        cluster.run(2_000);
        assertNotEquals(second, leader());
        assertEquals(first, leader());
    }

    @Test
    void a_replica_that_catches_up_finds_the_same_out() {
        NodeId behind = cluster.nodes.getLast();
        owner.disconnect(behind);
        cluster.run(1_000);
        written();
        NodeId first = leader();
        cluster.replica(first).unreadable = true;
        owner.connect(behind);
        cluster.run(5_000);
        assertNotEquals(first, leader());
        assertEquals(1, cluster.replica(behind).frames.size());
    }
}
