package io.ackgate.gateway.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a host makes of what it is told. */
class PartitionHostTest extends ScriptedHost {
    // ---- claims

    @Test
    void a_partition_that_nobody_has_is_claimed_with_the_next_tick() {
        mayClaim();
        assertEquals(List.of(), inputs(PartitionInput.TakeOver.class));
        tickAfter(0);
        assertEquals(1, inputs(PartitionInput.TakeOver.class).size());
    }

    @Test
    void a_request_does_not_wait_for_the_tick_that_would_claim_its_partition() {
        mayClaim();
        assertNull(host.admit(now, taker));
        assertEquals(1, inputs(PartitionInput.TakeOver.class).size());
    }

    @Test
    void streams_that_were_open_before_a_replica_was_known_are_told() {
        streams.put(NODE, 9L);
        step(new HostInput.Opened(NODE, 9));
        assertEquals(List.of(), inputs());
        step(new HostInput.Observed(1, UNOWNED));
        assertEquals(
                List.of(
                        new PartitionInput.StreamOpened(NODE, 9),
                        new PartitionInput.StateObserved(1, UNOWNED)),
                inputs());
    }

    @Test
    void a_state_that_is_not_newer_is_not_told() {
        step(new HostInput.Observed(2, UNOWNED));
        step(new HostInput.Observed(2, UNOWNED));
        step(new HostInput.Observed(1, UNOWNED));
        assertEquals(1, inputs(PartitionInput.StateObserved.class).size());
    }

    @Test
    void an_owner_keeps_its_partition_though_others_are_live() {
        serves();
        step(new HostInput.Live(Set.of(ME, OTHER)));
        tickAfter(10_000 * MILLIS);
        assertEquals(List.of(), inputs(PartitionInput.Resign.class));
        assertEquals(1, inputs(PartitionInput.Tick.class).size());
    }

    @Test
    void a_stream_that_closes_late_does_not_hide_the_one_that_is_open() {
        mayClaim();
        opened(NODE, 2);
        step(new HostInput.Closed(NODE, 1));
        tickAfter(0);
        assertEquals(1, inputs(PartitionInput.TakeOver.class).size());
    }

    @Test
    void changed_settings_end_the_pause_after_a_takeover_that_reached_nobody() {
        serves();
        idle = true;
        script =
                (input, out) -> {
                    if (input.equals(TAKE_OVER)) {
                        out.accept(
                                new PartitionEffect.Happened(
                                        new PartitionEvent.TakeoverFailed(
                                                1, PartitionEvent.Cause.OFFLINE, "nobody")));
                    }
                };
        step(new HostInput.TakeOver());
        int tried = inputs(PartitionInput.TakeOver.class).size();
        tickAfter(MILLIS);
        assertEquals(tried, inputs(PartitionInput.TakeOver.class).size());
        PartitionSettings changed = PartitionSettings.DEFAULTS.withMinInsyncReplicas(2);
        step(new HostInput.Configured(changed));
        step(new HostInput.Configured(changed));
        assertEquals(
                List.of(new PartitionInput.Reconfigured(changed)),
                inputs(PartitionInput.Reconfigured.class));
        tickAfter(0);
        assertEquals(tried + 1, inputs(PartitionInput.TakeOver.class).size());
    }

    @Test
    void why_it_is_offline_is_told_once() {
        script =
                (input, out) -> {
                    if (input.equals(TAKE_OVER)) {
                        out.accept(
                                new PartitionEffect.Happened(
                                        new PartitionEvent.TakeoverFailed(
                                                1, PartitionEvent.Cause.OFFLINE, "nobody")));
                    }
                };
        step(new HostInput.TakeOver());
        step(new HostInput.TakeOver());
        assertEquals(
                List.of(new PartitionEvent.Offline("nobody")),
                events.stream().filter(PartitionEvent.Offline.class::isInstance).toList());
    }

    // ---- compare-and-sets

    @Test
    void a_compare_and_set_that_is_not_answered_in_time_is_unknown_and_nothing_else_later() {
        asksForAChangeWhenItTakesOver();
        serves();
        idle = true;
        step(new HostInput.LeaseLost("so told"));
        tickAfter(0);
        assertEquals(SETTINGS.casTimeoutNanos(), host.nextDueNanos());
        tickAfter(SETTINGS.casTimeoutNanos() - 1);
        assertEquals(List.of(), inputs(PartitionInput.CasUnknown.class));
        tickAfter(1);
        assertEquals(
                List.of(new PartitionInput.CasUnknown(77)),
                inputs(PartitionInput.CasUnknown.class));
        step(new HostInput.CasEnded(0, 77, new CasOutcome.Applied(2)));
        tickAfter(SETTINGS.casTimeoutNanos());
        assertEquals(List.of(), inputs(PartitionInput.CasApplied.class));
        assertEquals(1, inputs(PartitionInput.CasUnknown.class).size());
    }

    @Test
    void a_compare_and_set_is_answered_with_what_the_store_says() {
        asksForAChangeWhenItTakesOver();
        serves();
        step(new HostInput.CasEnded(0, 77, new CasOutcome.Refused(3, UNOWNED)));
        tickAfter(SETTINGS.casTimeoutNanos());
        assertEquals(
                List.of(new PartitionInput.CasRefused(77, 3, UNOWNED)),
                inputs(PartitionInput.CasRefused.class));
        assertEquals(List.of(), inputs(PartitionInput.CasUnknown.class));
    }

    @Test
    void an_owner_whose_state_is_gone_resigns_and_leaves() {
        asksForAChangeWhenItTakesOver();
        serves();
        step(new HostInput.CasEnded(0, 77, new CasOutcome.Gone()));
        assertEquals(1, inputs(PartitionInput.Resign.class).size());
        assertInstanceOf(HostEffect.Gone.class, effects.getLast());
    }

    // ---- stepping down, breaking

    @Test
    void an_owner_that_loses_its_lease_resigns_and_claims_nothing() {
        serves();
        step(new HostInput.LeaseLost("so told"));
        idle = true;
        assertEquals(
                List.of(new PartitionInput.Resign("so told")), inputs(PartitionInput.Resign.class));
        assertEquals(List.of(new HostEffect.Abandon("so told")), effects);
        tickAfter(60_000 * MILLIS);
        assertEquals(1, inputs(PartitionInput.TakeOver.class).size());
    }

    @Test
    void a_partition_that_throws_resigns_and_another_one_begins_after_a_while() {
        asksForAChangeWhenItTakesOver();
        serves();
        script =
                (input, out) -> {
                    if (input instanceof PartitionInput.Cancel) {
                        throw new IllegalStateException("a bug");
                    }
                };
        step(new HostInput.Cancel(5));
        assertEquals(1, inputs(PartitionInput.Resign.class).size());
        assertInstanceOf(HostEffect.Broke.class, effects.getFirst());
        assertInstanceOf(HostEffect.Abandon.class, effects.getLast());
        assertInstanceOf(PartitionEvent.InvariantBroken.class, events.getLast());
        assertNotNull(host.admit(now, taker));
        assertEquals(0, host.bufferedBytes());
        int told = inputs().size();
        step(new HostInput.Observed(2, UNOWNED));
        assertEquals(told, inputs().size());

        idle = true;
        asksForAChangeWhenItTakesOver();
        tickAfter(60_000 * MILLIS);
        assertEquals(2, partitions.size());
        assertEquals(1, host.life());
        assertEquals(List.of(0L, 1L), begun);
        assertEquals(
                List.of(
                        new PartitionInput.StreamOpened(NODE, 1),
                        new PartitionInput.StateObserved(2, UNOWNED),
                        TAKE_OVER),
                inputs());
        assertNull(host.admit(now, taker));

        // What was asked for in the life before counts for nothing, and is not missed.
        step(new HostInput.CasEnded(0, 77, new CasOutcome.Applied(2)));
        assertEquals(List.of(), inputs(PartitionInput.CasApplied.class));
        step(new HostInput.CasEnded(1, 77, new CasOutcome.Applied(3)));
        assertEquals(
                List.of(new PartitionInput.CasApplied(77, 3)),
                inputs(PartitionInput.CasApplied.class));
        tickAfter(SETTINGS.casTimeoutNanos());
        assertEquals(List.of(), inputs(PartitionInput.CasUnknown.class));
    }
}
