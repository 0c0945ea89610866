package io.ackgate.gateway.offsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome;
import io.ackgate.gateway.offsets.CommittedOffsets.Position;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class MetadataCommittedOffsetsTest {
    private static final PartitionId PARTITION = new PartitionId(new TopicId(1, 2), 3);
    private static final PartitionId OTHER = new PartitionId(new TopicId(1, 2), 30);

    private final StoreDisk disk = new StoreDisk();

    private MetadataStore open() throws IOException {
        return EmbeddedMetadataStore.open(disk, () -> {});
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static void commit(
            CommittedOffsets offsets, String group, PartitionId id, long offset) {
        assertInstanceOf(
                CommitOutcome.Committed.class,
                await(offsets.commit(group, id, offset, 4, "of " + offset)));
    }

    @Test
    void a_position_is_there_for_its_group_and_partition_only_also_after_a_restart()
            throws IOException {
        try (MetadataStore store = open()) {
            CommittedOffsets offsets =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 99);
            assertEquals(Optional.empty(), await(offsets.get("g", PARTITION)));
            commit(offsets, "g", PARTITION, 7);
            commit(offsets, "h", PARTITION, 8);
            commit(offsets, "g", OTHER, 9);
        }
        try (MetadataStore store = open()) {
            CommittedOffsets offsets =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 100);
            assertEquals(
                    Optional.of(new Position(7, 4, "of 7", 99)),
                    await(offsets.get("g", PARTITION)));
            assertEquals(8, await(offsets.get("h", PARTITION)).orElseThrow().offset());
            assertEquals(9, await(offsets.get("g", OTHER)).orElseThrow().offset());
            assertEquals(Optional.empty(), await(offsets.get("h", OTHER)));
            // Nothing is remembered of the version here, and the group may go back.
            commit(offsets, "g", PARTITION, 0);
            assertEquals(0, await(offsets.get("g", PARTITION)).orElseThrow().offset());
        }
    }

    @Test
    void the_last_of_many_commits_stays_whichever_gateway_it_came_through() throws IOException {
        try (MetadataStore store = open()) {
            CommittedOffsets one =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            CommittedOffsets two =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            for (int i = 0; i < 20; i++) {
                commit(i % 2 == 0 ? one : two, "g", PARTITION, i);
            }
            assertEquals(19, await(two.get("g", PARTITION)).orElseThrow().offset());
        }
    }

    @Test
    void commits_that_are_sent_without_waiting_end_in_their_order() throws IOException {
        try (MetadataStore store = open()) {
            CommittedOffsets offsets =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            List<CompletionStage<CommitOutcome>> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                all.add(offsets.commit("g", PARTITION, i, -1, ""));
            }
            all.forEach(one -> assertInstanceOf(CommitOutcome.Committed.class, await(one)));
            assertEquals(299, await(offsets.get("g", PARTITION)).orElseThrow().offset());
        }
    }

    @Test
    void a_group_that_commits_again_asks_the_store_once() throws IOException {
        try (MetadataStore store = open()) {
            CommittedOffsets offsets =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            commit(offsets, "g", PARTITION, 1);
            int before = disk.syncs.get();
            commit(offsets, "g", PARTITION, 2);
            commit(offsets, "g", PARTITION, 3);
            assertEquals(2, disk.syncs.get() - before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {"\"\"", "a/b", "a b", "größe", ".", ".."})
    void groups_are_named_as_topics_are(String group) throws IOException {
        try (MetadataStore store = open()) {
            CommittedOffsets offsets =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            assertEquals(
                    new CommitOutcome.Refused(
                            ErrorCode.INVALID_GROUP_ID,
                            "group '%s': use 1 to 249 letters, digits, dots, underscores and hyphens of ASCII, but not '.' or '..' alone"
                                    .formatted(group)),
                    await(offsets.commit(group, PARTITION, 1, -1, "")));
            assertEquals(Optional.empty(), await(offsets.get(group, PARTITION)));
        }
    }

    @Test
    void what_is_too_long_or_below_zero_is_refused() throws IOException {
        try (MetadataStore store = open()) {
            CommittedOffsets offsets =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            assertInstanceOf(
                    CommitOutcome.Refused.class,
                    await(offsets.commit("x".repeat(250), PARTITION, 1, -1, "")));
            commit(offsets, "x".repeat(249), PARTITION, 1);
            assertEquals(
                    new CommitOutcome.Refused(
                            ErrorCode.OFFSET_OUT_OF_RANGE,
                            "offset -1: commit the next offset to be read, 0 or more"),
                    await(offsets.commit("g", PARTITION, -1, -1, "")));
            assertEquals(
                    new CommitOutcome.Refused(
                            ErrorCode.OFFSET_METADATA_TOO_LARGE,
                            "metadata of 4098 bytes: give 4096 at most"),
                    await(offsets.commit("g", PARTITION, 1, -1, "ü".repeat(2_049))));
            assertTrue(await(offsets.get("g", PARTITION)).isEmpty());
            assertInstanceOf(
                    CommitOutcome.Committed.class,
                    await(offsets.commit("g", PARTITION, 1, -1, "ü".repeat(2_048))));
        }
    }

    private static String refusal(CompletionStage<CommitOutcome> stage) {
        CommitOutcome.Refused refused = assertInstanceOf(CommitOutcome.Refused.class, await(stage));
        return refused.error() + ": " + refused.detail();
    }

    @Test
    void an_older_leader_epoch_never_replaces_a_newer_one() throws IOException {
        try (MetadataStore store = open()) {
            CommittedOffsets one =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            CommittedOffsets two =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            committed(one.commit("g", PARTITION, 100, 5, ""));
            for (CommittedOffsets offsets : List.of(one, two)) {
                String refusal = refusal(offsets.commit("g", PARTITION, 500, 4, ""));
                assertTrue(refusal.startsWith("FENCED_LEADER_EPOCH: leader epoch 4"), refusal);
                assertTrue(refusal.contains("committed offset 100"), refusal);
            }
            Position stored = await(two.get("g", PARTITION)).orElseThrow();
            assertEquals(100, stored.offset());
            assertEquals(5, stored.leaderEpoch());
            // In the same epoch a consumer may go back.
            committed(two.commit("g", PARTITION, 50, 5, ""));
            // The first knows nothing of this one and finds out.
            committed(two.commit("g", PARTITION, 60, 6, ""));
            assertTrue(refusal(one.commit("g", PARTITION, 70, 5, "")).contains("offset 60"));
            // One that follows no epochs, as an operator's, replaces any; then any is new.
            committed(one.commit("g", PARTITION, 0, -1, ""));
            committed(two.commit("g", PARTITION, 1, 4, ""));
            assertEquals(4, await(one.get("g", PARTITION)).orElseThrow().leaderEpoch());
        }
    }

    private static void committed(CompletionStage<CommitOutcome> stage) {
        assertInstanceOf(CommitOutcome.Committed.class, await(stage));
    }

    @Test
    void commits_of_several_epochs_that_wait_together_end_as_if_they_had_come_one_by_one()
            throws Exception {
        try (MetadataStore store = open()) {
            CommittedOffsets offsets =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            Semaphore permits = new Semaphore(0);
            disk.syncPermits = permits;
            List<CompletionStage<CommitOutcome>> all = new ArrayList<>();
            all.add(offsets.commit("g", PARTITION, 1, 3, ""));
            all.add(offsets.commit("g", PARTITION, 2, 3, ""));
            all.add(offsets.commit("g", PARTITION, 3, 5, ""));
            all.add(offsets.commit("g", PARTITION, 4, 4, ""));
            all.add(offsets.commit("g", PARTITION, 5, 5, ""));
            disk.syncPermits = null;
            permits.release(10);
            committed(all.get(0));
            committed(all.get(1));
            committed(all.get(2));
            assertTrue(refusal(all.get(3)).contains("committed offset 3"));
            committed(all.get(4));
            assertEquals(5, await(offsets.get("g", PARTITION)).orElseThrow().offset());
        }
    }

    @Test
    void commits_that_wait_are_bounded() throws IOException {
        try (MetadataStore store = open()) {
            CommittedOffsets offsets =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            Semaphore permits = new Semaphore(0);
            disk.syncPermits = permits;
            List<CompletionStage<CommitOutcome>> all = new ArrayList<>();
            for (int i = 0; i < OffsetCommits.MAX_WAITING; i++) {
                all.add(offsets.commit("g", PARTITION, i, -1, ""));
            }
            assertThrows(
                    CompletionException.class, () -> await(offsets.commit("g", OTHER, 0, -1, "")));
            disk.syncPermits = null;
            permits.release();
            all.forEach(MetadataCommittedOffsetsTest::committed);
            committed(offsets.commit("g", OTHER, 0, -1, ""));
        }
    }

    @Test
    void a_full_store_refuses_a_commit_and_one_that_does_not_answer_leaves_it_unknown()
            throws IOException {
        try (MetadataStore full = EmbeddedMetadataStore.open(new StoreDisk(), () -> {}, 100)) {
            String refusal =
                    refusal(
                            new MetadataCommittedOffsets(full, OffsetSettings.DEFAULTS, () -> 1)
                                    .commit("g", PARTITION, 1, -1, ""));
            assertTrue(refusal.startsWith("POLICY_VIOLATION: "), refusal);
            assertTrue(refusal.contains("ackgate.metadata.max-size"), refusal);
        }
        try (MetadataStore store = open()) {
            disk.syncsFail(true);
            CommittedOffsets offsets =
                    new MetadataCommittedOffsets(store, OffsetSettings.DEFAULTS, () -> 1);
            CompletionException unknown =
                    assertThrows(
                            CompletionException.class,
                            () -> await(offsets.commit("g", PARTITION, 1, -1, "")));
            assertInstanceOf(IOException.class, unknown.getCause());
        }
    }
}
