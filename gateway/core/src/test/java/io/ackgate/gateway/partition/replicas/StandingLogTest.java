package io.ackgate.gateway.partition.replicas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.Incarnation;
import org.junit.jupiter.api.Test;

class StandingLogTest {
    private static final Incarnation OLD = Incarnation.of(1, 1);
    private static final Incarnation NEW = Incarnation.of(2, 1);

    private final StandingLog log = new StandingLog();

    @Test
    void only_the_log_that_was_let_go_is_known_to_be() {
        assertFalse(log.isDiscarded(), "none is there, and none was discarded");
        log.answered(OLD);
        assertFalse(log.isDiscarded());
        log.discarded(9);
        assertTrue(log.isDiscarded());
        log.answered(NEW);
        assertFalse(log.isDiscarded());
        log.answered(OLD);
        assertTrue(log.isDiscarded());
        log.isGone();
        assertFalse(log.isDiscarded());
    }

    @Test
    void what_takes_its_place_must_hold_what_it_may_have_acknowledged_while_it_led() {
        log.answered(OLD);
        assertEquals(0, log.acknowledgedAsLeader(9), "it has not led");
        log.ceasedToLead(7);
        assertEquals(7, log.acknowledgedAsLeader(9));
        assertEquals(5, log.acknowledgedAsLeader(5));
        log.discarded(9);
        assertEquals(7, log.discardedEnd());
        log.reconciled();
        assertEquals(0, log.discardedEnd());
        log.discarded(9);
        log.isGone();
        assertEquals(0, log.discardedEnd());
    }
}
