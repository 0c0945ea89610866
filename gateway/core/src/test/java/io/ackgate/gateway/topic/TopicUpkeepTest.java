package io.ackgate.gateway.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was begun with a topic and not ended is finished, without a restart. */
@Timeout(60)
class TopicUpkeepTest extends TopicsFixture {
    private final MetadataTopics topics = new MetadataTopics(store, catalog, nodes, () -> 2_000);
    private final TopicUpkeep upkeep = topics.upkeep();

    @AfterEach
    void closeUpkeep() {
        upkeep.close();
    }

    private List<PartitionState> states(Topic topic) {
        return await(store.list(MetadataKeys.partitions(topic.id()))).stream()
                .map(entry -> PartitionStateCodec.decode(entry.value()))
                .toList();
    }

    private void remove(String key) {
        Entry entry = await(store.get(key));
        await(store.delete(key, entry.version()));
    }

    /** Watches are told in order: after this, everything from before has been told. */
    private void letWatchesCatchUp() throws Exception {
        try (AutoCloseable _ = store.watch("end", entry -> {})) {
            await(store.compareAndSet("end", await(store.get("end")).version(), new byte[0]));
            await(store.get("end"));
        }
    }

    private void own(Topic topic, int partition, int epoch) {
        Entry entry = await(store.get(MetadataKeys.partition(topic.partition(partition))));
        PartitionState state =
                PartitionStateCodec.decode(entry.value()).claimedBy(new GatewaySession(5), epoch);
        await(store.compareAndSet(entry.key(), entry.version(), PartitionStateCodec.encode(state)));
    }

    private TopicDeletion deletionOf(Topic topic) {
        return TopicDeletion.decode(await(store.get(MetadataKeys.deletion(topic.id()))).value());
    }

    @Test
    void what_an_earlier_gateway_left_unfinished_is_finished_at_the_start() {
        Topic topic = done(topics.create(TopicSpec.named("t").withPartitions(3)));
        Topic gone = done(topics.create(TopicSpec.named("gone")));
        remove(MetadataKeys.partition(topic.partition(1)));
        remove(MetadataKeys.topic("gone"));

        await(upkeep.start());
        assertEquals(
                topic.assignment().stream().map(PartitionState::unowned).toList(), states(topic));
        assertEquals(List.of(), states(gone));
    }

    @Test
    void a_topic_that_is_left_half_made_is_completed_at_the_second_look() throws Exception {
        await(upkeep.start());
        Topic topic = done(topics.create(TopicSpec.named("t").withPartitions(3)));
        Topic whole = done(topics.create(TopicSpec.named("whole")));
        remove(MetadataKeys.partition(topic.partition(1)));
        letWatchesCatchUp();
        await(upkeep.look());
        assertEquals(2, states(topic).size(), "its maker may be about to make it");
        await(upkeep.look());
        assertEquals(3, states(topic).size());
        letWatchesCatchUp();
        int syncs = disk.syncs.get();
        await(upkeep.look());
        await(upkeep.look());
        assertEquals(syncs, disk.syncs.get(), "nothing was amiss any more");
        assertEquals(1, states(whole).size());
    }

    @Test
    void a_store_that_does_not_answer_is_asked_again_at_the_next_look() throws Exception {
        await(upkeep.start());
        Topic topic = done(topics.create(TopicSpec.named("t").withPartitions(2)));
        remove(MetadataKeys.partition(topic.partition(0)));
        letWatchesCatchUp();
        await(upkeep.look());
        disk.space(10);
        assertTrue(
                upkeep.look()
                        .handle((done, failure) -> failure != null)
                        .toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join());
        disk.space(Long.MAX_VALUE);
        await(upkeep.look());
        assertEquals(2, states(topic).size());
    }

    @Test
    void where_the_replicas_of_a_half_deleted_topic_are_is_not_forgotten() {
        Topic topic = done(topics.create(TopicSpec.named("t").withPartitions(2)));
        own(topic, 1, 8);
        TopicRemoval removal = new TopicRemoval(store);
        TopicDeletion decided = await(removal.decide(topic, 1));
        remove(MetadataKeys.topic("t"));
        // The gateway went down here; another one starts, and goes on with the deletion later.
        await(upkeep.start());
        assertEquals(2, states(topic).size(), "the deletion has not seen them yet");
        await(removal.run(decided));
        assertEquals(List.of(), states(topic));
        for (int index = 0; index < 2; index++) {
            TopicDeletion.Replicas replicas = deletionOf(topic).partitions().get(index);
            assertEquals(topic.assignment().get(index), replicas.nodes());
            assertEquals(index == 1 ? 9 : 1, replicas.epoch());
        }
    }

    @Test
    void a_state_that_was_made_while_its_topic_was_deleted_leaves_no_replica_behind()
            throws Exception {
        await(upkeep.start());
        Topic topic = done(topics.create(TopicSpec.named("t").withPartitions(3)));
        done(topics.delete("t"));
        // Its replicas have all gone, and so has the deletion.
        remove(MetadataKeys.deletion(topic.id()));
        await(
                store.compareAndSet(
                        MetadataKeys.partition(topic.partition(2)),
                        MetadataStore.ABSENT,
                        PartitionStateCodec.encode(
                                PartitionState.unowned(topic.assignment().get(2)))));
        own(topic, 2, 4);
        letWatchesCatchUp();
        await(upkeep.look());
        await(upkeep.look());
        assertEquals(List.of(), states(topic));
        assertEquals(topic.assignment().get(2), deletionOf(topic).partitions().get(2).nodes());
        assertEquals(5, deletionOf(topic).partitions().get(2).epoch());
    }

    @Test
    void looking_asks_the_store_nothing_while_nothing_is_amiss() throws Exception {
        var counted = new CountedReads(store);
        MetadataTopics mine = new MetadataTopics(counted, catalog, nodes, () -> 2_000);
        try (TopicUpkeep looking = mine.upkeep()) {
            await(looking.start());
            done(mine.create(TopicSpec.named("stays").withPartitions(3)));
            done(mine.create(TopicSpec.named("goes").withPartitions(2)));
            done(mine.delete("goes"));
            letWatchesCatchUp();
            int before = counted.reads.get();
            await(looking.look());
            await(looking.look());
            assertEquals(before, counted.reads.get());
        }
    }
}
