package io.ackgate.gateway.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.cluster.ClusterNodes;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.storage.api.NodeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MetadataTopicsTest extends TopicsFixture {
    private final MetadataTopics topics = new MetadataTopics(store, catalog, nodes, () -> 2_000);

    private static ErrorCode refused(CompletionStage<TopicOutcome> stage) {
        return assertInstanceOf(TopicOutcome.Refused.class, await(stage)).error();
    }

    private List<PartitionState> states(Topic topic) {
        return await(store.list(MetadataKeys.partitions(topic.id()))).stream()
                .map(entry -> PartitionStateCodec.decode(entry.value()))
                .toList();
    }

    @Test
    void a_topic_is_created_with_a_state_per_partition() {
        Topic topic = done(topics.create(TopicSpec.named("t").withPartitions(4)));
        assertEquals(4, topic.partitions());
        assertEquals(3, topic.replicationFactor());
        assertEquals(2, topic.settings().minInsyncReplicas());
        assertEquals(2_000, topic.createdMillis());
        List<PartitionState> expected =
                topic.assignment().stream().map(PartitionState::unowned).toList();
        assertEquals(expected, states(topic));
        assertEquals(topic, done(topics.describe("t")));
        assertEquals(topic, catalog.topic("t"));
        assertEquals(topic, catalog.topic(topic.id()));
        assertEquals(List.of(topic), await(topics.list()));
        assertEquals(List.of(topic), topics.cached());
    }

    @Test
    void a_name_is_given_once() {
        Topic first = done(topics.create(TopicSpec.named("t")));
        assertEquals(
                ErrorCode.TOPIC_ALREADY_EXISTS,
                refused(topics.create(TopicSpec.named("t").withPartitions(9))));
        assertEquals(first, done(topics.describe("t")));
        assertEquals(1, await(store.list(MetadataKeys.PARTITIONS)).size());
    }

    @Test
    void of_many_who_create_the_same_topic_one_does() {
        List<CompletionStage<TopicOutcome>> all = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            all.add(topics.create(TopicSpec.named("t").withPartitions(i)));
        }
        List<TopicOutcome> outcomes = all.stream().map(MetadataTopicsTest::await).toList();
        assertEquals(1, outcomes.stream().filter(TopicOutcome.Done.class::isInstance).count());
        Topic topic = done(topics.describe("t"));
        assertEquals(topic.partitions(), await(store.list(MetadataKeys.PARTITIONS)).size());
    }

    @Test
    void what_is_not_allowed_is_refused_and_nothing_is_stored() {
        assertEquals(
                ErrorCode.INVALID_TOPIC_EXCEPTION, refused(topics.create(TopicSpec.named("a/b"))));
        assertEquals(
                ErrorCode.INVALID_PARTITIONS,
                refused(topics.create(TopicSpec.named("t").withPartitions(0))));
        assertEquals(
                ErrorCode.INVALID_REPLICATION_FACTOR,
                refused(topics.create(TopicSpec.named("t").withReplicationFactor(4))));
        assertEquals(
                ErrorCode.INVALID_CONFIG,
                refused(
                        topics.create(
                                TopicSpec.named("t")
                                        .withReplicationFactor(1)
                                        .withSettings(Map.of("min.insync.replicas", "2")))));
        assertEquals(List.of(), await(topics.list()));
        assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, refused(topics.describe("t")));
    }

    @Test
    void settings_are_changed_and_go_back_to_their_defaults() {
        done(topics.create(TopicSpec.named("t").withSettings(Map.of("retention.ms", "5"))));
        Topic changed = done(topics.alter("t", TopicChange.set("min.insync.replicas", "3")));
        assertEquals(3, changed.settings().minInsyncReplicas());
        assertEquals(5, changed.settings().replica().retentionMillis());
        assertEquals(Map.of("retention.ms", "5", "min.insync.replicas", "3"), changed.overrides());
        Topic back =
                done(
                        topics.alter(
                                "t",
                                new TopicChange(
                                        OptionalInt.empty(),
                                        Map.of("retention.ms", Optional.empty()))));
        assertEquals(604_800_000, back.settings().replica().retentionMillis());
        assertEquals(back, done(topics.describe("t")));
        assertEquals(back, catalog.topic("t"));
        assertEquals(back, topics.cached("t"));
        assertEquals(back, topics.cached(back.id()));
        assertEquals(List.of(back), topics.cached());
    }

    @Test
    void a_change_that_is_not_allowed_is_refused_as_a_whole() {
        Topic before = done(topics.create(TopicSpec.named("t").withPartitions(2)));
        assertEquals(
                ErrorCode.INVALID_CONFIG,
                refused(topics.alter("t", TopicChange.set("min.insync.replicas", "4"))));
        assertEquals(
                ErrorCode.INVALID_CONFIG,
                refused(
                        topics.alter(
                                "t",
                                new TopicChange(
                                        OptionalInt.of(5),
                                        Map.of("no.such.setting", Optional.empty())))));
        assertEquals(
                ErrorCode.INVALID_PARTITIONS,
                refused(topics.alter("t", TopicChange.partitions(1))));
        assertEquals(
                ErrorCode.INVALID_PARTITIONS,
                refused(topics.alter("t", TopicChange.partitions(10_001))));
        assertEquals(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                refused(topics.alter("other", TopicChange.partitions(1))));
        assertEquals(before, done(topics.describe("t")));
        assertEquals(2, states(before).size());
    }

    @Test
    void partitions_are_added_and_those_there_are_stay_where_they_are() {
        Topic before = done(topics.create(TopicSpec.named("t").withPartitions(2)));
        Topic after = done(topics.alter("t", TopicChange.partitions(7)));
        assertEquals(7, after.partitions());
        assertEquals(before.id(), after.id());
        assertEquals(before.assignment(), after.assignment().subList(0, 2));
        assertEquals(7, states(after).size());
        assertEquals(after, done(topics.alter("t", TopicChange.partitions(7))));
    }

    @Test
    void a_deleted_topic_leaves_its_name_and_its_deletion() {
        Topic topic = done(topics.create(TopicSpec.named("t").withPartitions(3)));
        await(
                store.compareAndSet(
                        MetadataKeys.offset(topic.partition(1), "group"),
                        MetadataStore.ABSENT,
                        new byte[] {1}));
        // As after a takeover.
        Entry owned = await(store.get(MetadataKeys.partition(topic.partition(1))));
        PartitionState state =
                PartitionStateCodec.decode(owned.value()).claimedBy(new GatewaySession(5), 8);
        await(store.compareAndSet(owned.key(), owned.version(), PartitionStateCodec.encode(state)));

        assertEquals(topic, done(topics.delete("t")));
        assertEquals(List.of(), await(store.list(MetadataKeys.TOPICS)));
        assertEquals(List.of(), await(store.list(MetadataKeys.PARTITIONS)));
        assertEquals(List.of(), await(store.list(MetadataKeys.offsets(topic.id()))));
        assertNull(catalog.topic("t"));
        assertNull(catalog.topic(topic.id()));
        TopicDeletion deletion =
                TopicDeletion.decode(await(store.get(MetadataKeys.deletion(topic.id()))).value());
        assertEquals(3, deletion.partitions().size());
        for (int index = 0; index < 3; index++) {
            TopicDeletion.Replicas replicas = deletion.partitions().get(index);
            assertEquals(topic.assignment().get(index), replicas.nodes());
            assertEquals(index == 1 ? 9 : 1, replicas.epoch());
        }
        assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, refused(topics.delete("t")));
        Topic again = done(topics.create(TopicSpec.named("t")));
        assertNotEquals(topic.id(), again.id());
        assertEquals(again, catalog.topic("t"));
    }

    @Test
    void a_deletion_that_ended_halfway_is_gone_on_with() {
        Topic topic = done(topics.create(TopicSpec.named("t").withPartitions(2)));
        TopicRemoval removal = new TopicRemoval(store);
        TopicDeletion decided = await(removal.decide(topic, 1));
        // The name is taken by another topic meanwhile: it must stay.
        Entry key = await(store.get(MetadataKeys.topic("t")));
        await(store.delete(key.key(), key.version()));
        Topic other = done(topics.create(TopicSpec.named("t")));
        await(removal.run(decided));
        assertEquals(List.of(), states(topic));
        assertEquals(other, done(topics.describe("t")));
        assertEquals(1, states(other).size());
    }

    @Test
    @Tag("slow")
    void many_partitions_at_once_leave_room_in_the_stores_queue() {
        List<CompletionStage<TopicOutcome>> creations = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            creations.add(topics.create(TopicSpec.named("t" + i).withPartitions(10_000)));
        }
        for (int i = 0; i < 11; i++) {
            assertEquals(10_000, done(creations.get(i)).partitions());
        }
        assertEquals(110_000, await(store.list(MetadataKeys.PARTITIONS)).size());
    }

    @Test
    void a_full_store_refuses_a_topic_and_changes_nothing() throws IOException {
        try (MetadataStore small = EmbeddedMetadataStore.open(new StoreDisk(), () -> {}, 4 << 10)) {
            ClusterNodes members = new ClusterNodes(small, () -> 1_000);
            for (int node = 1; node <= 3; node++) {
                await(members.register(new NodeId(node), "cookie-" + node));
            }
            MetadataTopics mine = new MetadataTopics(small, catalog, members, () -> 2_000);
            TopicOutcome.Refused full =
                    assertInstanceOf(
                            TopicOutcome.Refused.class,
                            await(mine.create(TopicSpec.named("t").withPartitions(1_000))));
            assertEquals(ErrorCode.POLICY_VIOLATION, full.error());
            assertTrue(full.detail().contains("ackgate.metadata.max-size"), full.detail());
            assertEquals(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, refused(mine.describe("t")));
            done(mine.create(TopicSpec.named("t")));
        }
    }

    @Test
    void a_store_that_does_not_answer_leaves_the_outcome_unknown() {
        done(topics.create(TopicSpec.named("t")));
        disk.syncsFail(true);
        TopicOutcome.Unknown unknown =
                assertInstanceOf(
                        TopicOutcome.Unknown.class,
                        await(topics.alter("t", TopicChange.set("retention.ms", "5"))));
        assertTrue(unknown.detail().startsWith("topic t may have been altered or not"));
    }

    @Test
    void what_stands_beside_the_partitions_of_a_topic_goes_with_it() {
        Topic topic = done(topics.create(TopicSpec.named("t")));
        String beside = MetadataKeys.partitions(topic.id()) + "note";
        await(store.compareAndSet(beside, MetadataStore.ABSENT, new byte[] {1}));
        done(topics.delete("t"));
        assertEquals(List.of(), await(store.list(MetadataKeys.PARTITIONS)));
    }
}
