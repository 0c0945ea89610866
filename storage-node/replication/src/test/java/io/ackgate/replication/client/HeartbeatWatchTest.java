package io.ackgate.replication.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.replication.client.HeartbeatWatch.Verdict;
import org.junit.jupiter.api.Test;

class HeartbeatWatchTest {
    /** A tick every 10, silence of 30 allowed. */
    private final HeartbeatWatch watch = new HeartbeatWatch(10, 30);

    @Test
    void a_node_that_answers_is_asked_again_and_again() {
        assertEquals(new Verdict.Ping(1), watch.tick(0));
        watch.heard(1, 1);
        assertEquals(new Verdict.Ping(2), watch.tick(10));
        watch.heard(12, 2);
        assertEquals(new Verdict.Ping(3), watch.tick(20));
    }

    @Test
    void a_node_that_owes_an_answer_for_too_long_is_taken_for_dead() {
        watch.tick(0);
        assertEquals(new Verdict.Wait(), watch.tick(10));
        assertEquals(new Verdict.Wait(), watch.tick(20));
        assertEquals(new Verdict.Wait(), watch.tick(30));
        assertEquals(new Verdict.Silent(40), watch.tick(40));
    }

    @Test
    void a_node_that_is_busy_sending_answers_is_alive() {
        watch.tick(0);
        for (int now = 10; now < 1_000; now += 10) {
            assertEquals(new Verdict.Wait(), watch.tick(now));
            watch.heard(now, 0);
        }
        watch.heard(1_000, 1);
        assertEquals(new Verdict.Ping(2), watch.tick(1_000));
    }

    @Test
    void standing_still_oneself_is_not_held_against_the_node() {
        watch.tick(0);
        assertEquals(new Verdict.Wait(), watch.tick(10));
        assertEquals(new Verdict.Wait(), watch.tick(5_000), "this process was stopped meanwhile");
        watch.tick(5_010);
        watch.tick(5_020);
        watch.tick(5_030);
        assertInstanceOf(Verdict.Silent.class, watch.tick(5_040));
    }

    @Test
    void a_late_pong_of_an_earlier_ping_still_counts_as_a_sign_of_life() {
        watch.tick(0);
        watch.heard(5, 1);
        watch.tick(10);
        watch.heard(35, 1);
        assertEquals(new Verdict.Wait(), watch.tick(20));
        assertEquals(new Verdict.Wait(), watch.tick(40));
        assertEquals(new Verdict.Wait(), watch.tick(60));
        assertInstanceOf(Verdict.Silent.class, watch.tick(70));
    }
}
