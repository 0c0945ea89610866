package io.ackgate.gateway.offsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome;
import io.ackgate.gateway.offsets.ConsumerGroups.Group;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups are listed and deleted, expire as a whole, and are bounded. */
@Timeout(60)
class ConsumerGroupsTest {
    private static final PartitionId ONE = new PartitionId(new TopicId(1, 2), 3);
    private static final PartitionId TWO = new PartitionId(new TopicId(1, 2), 30);
    private static final PartitionId OTHER = new PartitionId(new TopicId(7, 7), 0);

    private final StoreDisk disk = new StoreDisk();
    private final MetadataStore store = open();
    private final AtomicLong clock = new AtomicLong(1_000);
    private final MetadataCommittedOffsets offsets =
            with(new OffsetSettings(Duration.ofMillis(700), 3, 5));

    private MetadataStore open() {
        try {
            return EmbeddedMetadataStore.open(disk, () -> {});
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private MetadataCommittedOffsets with(OffsetSettings settings) {
        MetadataCommittedOffsets made = new MetadataCommittedOffsets(store, settings, clock::get);
        await(made.start());
        return made;
    }

    @AfterEach
    void close() {
        offsets.close();
        store.close();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private CommitOutcome commit(String group, PartitionId partition, long offset) {
        return await(offsets.commit(group, partition, offset, -1, ""));
    }

    private void committed(String group, PartitionId partition, long offset) {
        assertInstanceOf(CommitOutcome.Committed.class, commit(group, partition, offset));
    }

    private List<String> names() {
        return offsets.list("", 100).stream().map(Group::name).toList();
    }

    @Test
    void groups_are_listed_in_the_order_of_their_names_page_by_page() {
        committed("b", ONE, 1);
        clock.set(2_000);
        committed("a", ONE, 2);
        committed("b", TWO, 3);
        committed("c", OTHER, 4);
        assertEquals(
                List.of(
                        new Group("a", 1, 2_000),
                        new Group("b", 2, 2_000),
                        new Group("c", 1, 2_000)),
                offsets.list("", 100));
        assertEquals(List.of("a", "b"), offsets.list("", 2).stream().map(Group::name).toList());
        assertEquals(List.of("c"), offsets.list("b", 2).stream().map(Group::name).toList());
        assertEquals(Set.of(ONE, TWO), offsets.positions("b").keySet());
        assertEquals(Map.of(), offsets.positions("nobody"));
    }

    @Test
    void groups_of_earlier_runs_and_of_other_gateways_are_known() {
        MetadataCommittedOffsets elsewhere = with(OffsetSettings.DEFAULTS);
        committed("a", ONE, 2);
        committed("a", TWO, 3);
        assertTrue(await(offsets.delete("a")));
        committed("b", TWO, 4);
        // The store tells of changes in their order.
        await(store.get("x"));
        assertEquals(List.of("b"), elsewhere.list("", 9).stream().map(Group::name).toList());
        assertEquals(
                List.of("b"),
                with(OffsetSettings.DEFAULTS).list("", 9).stream().map(Group::name).toList());
        elsewhere.close();
    }

    @Test
    void a_deleted_group_is_gone_and_may_come_back() {
        committed("a", ONE, 1);
        committed("a", OTHER, 2);
        committed("b", ONE, 3);
        assertTrue(await(offsets.delete("a")));
        assertEquals(List.of("b"), names());
        assertTrue(await(offsets.get("a", ONE)).isEmpty());
        assertTrue(await(offsets.get("a", OTHER)).isEmpty());
        assertFalse(await(offsets.delete("a")));
        committed("a", ONE, 5);
        assertEquals(5, await(offsets.get("a", ONE)).orElseThrow().offset());
    }

    @Test
    void a_commit_that_another_gateway_has_made_is_deleted_as_well() {
        MetadataCommittedOffsets elsewhere = with(OffsetSettings.DEFAULTS);
        committed("a", ONE, 1);
        for (int i = 0; i < 20; i++) {
            CompletionStage<CommitOutcome> late = elsewhere.commit("a", ONE, i, -1, "");
            CompletionStage<Boolean> gone = offsets.delete("a");
            await(late);
            await(gone);
            committed("a", ONE, 1);
        }
        assertTrue(await(offsets.delete("a")));
        assertTrue(await(offsets.get("a", ONE)).isEmpty());
        elsewhere.close();
    }

    @Test
    void a_group_expires_as_a_whole_after_its_last_commit() {
        committed("idle", ONE, 1);
        committed("partly", ONE, 2);
        clock.set(1_500);
        committed("partly", TWO, 3);
        assertEquals(0, await(offsets.expire(1_699)));
        assertEquals(List.of("idle", "partly"), names());
        assertEquals(1, await(offsets.expire(1_700)));
        assertEquals(List.of("partly"), names());
        assertTrue(await(offsets.get("idle", ONE)).isEmpty());
        assertEquals(2, await(offsets.get("partly", ONE)).orElseThrow().offset());
        assertEquals(0, await(offsets.expire(2_199)));
        assertEquals(1, await(offsets.expire(2_200)));
        assertEquals(List.of(), names());
        assertEquals(List.of(), await(store.list("offsets/")));
    }

    /** The one that was committed last is looked at first, whichever that is. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_group_that_commits_while_it_expires_keeps_its_offsets(boolean reversed) {
        PartitionId older = reversed ? TWO : ONE;
        PartitionId younger = reversed ? ONE : TWO;
        committed("g", older, 1);
        clock.set(1_100);
        committed("g", younger, 2);
        // Committed by another gateway, of which this one has not heard.
        MetadataCommittedOffsets deaf =
                new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 5_000);
        await(offsets.expire(0));
        offsets.close();
        assertInstanceOf(
                CommitOutcome.Committed.class, await(deaf.commit("g", younger, 9, -1, "")));
        assertEquals(0, await(offsets.expire(5_000)));
        assertEquals(1, await(offsets.get("g", older)).orElseThrow().offset());
        assertEquals(9, await(offsets.get("g", younger)).orElseThrow().offset());
    }

    private static void refused(CommitOutcome outcome, String detail) {
        CommitOutcome.Refused refused = assertInstanceOf(CommitOutcome.Refused.class, outcome);
        assertEquals(ErrorCode.POLICY_VIOLATION, refused.error());
        assertTrue(refused.detail().contains(detail), refused.detail());
    }

    @Test
    void groups_and_offsets_are_bounded_and_those_that_are_there_go_on() {
        committed("a", ONE, 1);
        committed("b", ONE, 1);
        committed("c", ONE, 1);
        refused(commit("d", ONE, 1), "ackgate.offsets.max-groups");
        committed("a", TWO, 1);
        committed("a", OTHER, 1);
        refused(commit("b", TWO, 1), "ackgate.offsets.max-positions");
        committed("b", ONE, 2);
        await(offsets.delete("a"));
        committed("d", ONE, 1);
        committed("b", TWO, 1);
    }

    @Test
    void commits_at_the_same_time_do_not_pass_the_bound_together() {
        List<CompletionStage<CommitOutcome>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(offsets.commit("g", new PartitionId(new TopicId(1, 2), i), 1, -1, ""));
        }
        assertEquals(
                5,
                all.stream()
                        .map(ConsumerGroupsTest::await)
                        .filter(CommitOutcome.Committed.class::isInstance)
                        .count());
        assertEquals(5, await(store.list("offsets/")).size());
    }

    @Test
    void a_commit_that_was_not_stored_takes_no_place() {
        disk.space(10);
        for (int i = 0; i < 10; i++) {
            PartitionId partition = new PartitionId(new TopicId(1, 2), i);
            assertThrows(CompletionException.class, () -> commit("g", partition, 1));
        }
        assertEquals(List.of(), names());
        disk.space(Long.MAX_VALUE);
        committed("a", ONE, 1);
        committed("b", ONE, 1);
        committed("c", ONE, 1);
    }

    @Test
    void a_group_of_which_another_gateway_has_deleted_a_part_expires_all_the_same() {
        committed("g", ONE, 1);
        committed("g", TWO, 2);
        // Of what follows this one hears nothing.
        offsets.close();
        String key = MetadataKeys.offset(TWO, "g");
        await(store.delete(key, await(store.get(key)).version()));
        assertEquals(1, await(offsets.expire(5_000)));
        assertEquals(List.of(), names());
        assertEquals(List.of(), await(store.list("offsets/")));
    }
}
