package io.ackgate.gateway.runtime;

import static io.ackgate.gateway.runtime.GatewayFixture.await;
import static io.ackgate.gateway.runtime.GatewayFixture.done;
import static io.ackgate.gateway.runtime.GatewayFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.storage.api.PartitionId;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A topic that is deleted is gone from every node, whatever is down meanwhile. */
@Timeout(120)
class TopicDeletionTest {
    private static boolean holds(GatewayFixture at, int node, PartitionId partition) {
        return at.storage.node(node).ask(model -> model.holds(partition));
    }

    private static boolean deletionsLeft(GatewayFixture at) {
        return !await(at.metadata.list(MetadataKeys.DELETIONS)).isEmpty();
    }

    @Test
    void its_requests_are_answered_and_its_logs_go() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            Topic topic = at.serving(TopicSpec.named("t").withPartitions(3));
            Topic other = at.serving(TopicSpec.named("other"));
            at.written(topic.partition(1), Acks.ALL, "a");
            at.storage.node(2).pause();
            CompletableFuture<ProduceOutcome> waiting =
                    at.produce(topic.partition(1), Acks.ALL, "b");
            eventually("it was appended", () -> at.status(topic.partition(1)).logEnd() == 2);
            done(at.topics.delete("t"));
            assertEquals(
                    WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                    assertInstanceOf(ProduceOutcome.Failed.class, await(waiting)).writeStatus());
            at.storage.node(2).resume();
            eventually("the deletion is over", () -> !deletionsLeft(at));
            for (int node = 1; node <= 3; node++) {
                for (int index = 0; index < 3; index++) {
                    assertTrue(!holds(at, node, topic.partition(index)));
                }
                assertTrue(holds(at, node, other.partition(0)));
            }
            assertEquals(1, await(at.gateway.statuses()).size());
            at.written(other.partition(0), Acks.ALL, "goes on");
            Topic again = at.serving(TopicSpec.named("t"));
            assertEquals(0, at.written(again.partition(0), Acks.ALL, "anew").baseOffset());
        }
    }

    @Test
    void a_node_that_was_away_deletes_when_it_is_back() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.storage.node(3).down();
            at.awaitInSync(partition, 2);
            done(at.topics.delete("t"));
            eventually(
                    "the others have deleted it",
                    () -> !holds(at, 1, partition) && !holds(at, 2, partition));
            assertTrue(deletionsLeft(at));
            assertTrue(holds(at, 3, partition));
            at.storage.node(3).up();
            eventually("the deletion is over", () -> !deletionsLeft(at));
            assertTrue(!holds(at, 3, partition));
        }
    }

    @Test
    void the_next_gateway_goes_on_with_it() throws Exception {
        StoreDisk disk = new StoreDisk();
        ModelStorage storage = new ModelStorage(3);
        GatewayFixture first =
                new GatewayFixture(GatewayFixture.settings(), disk, storage, Partition::new);
        PartitionId partition = first.serving(TopicSpec.named("t")).partition(0);
        first.storage.node(3).down();
        done(first.topics.delete("t"));
        eventually(
                "the others have deleted it",
                () -> !holds(first, 1, partition) && !holds(first, 2, partition));
        try (GatewayFixture second =
                new GatewayFixture(
                        GatewayFixture.settings(), disk.copy(), storage, Partition::new)) {
            eventually("the deletion is over", () -> !deletionsLeft(second));
            assertTrue(!holds(second, 3, partition));
        }
        first.close();
    }

    @Test
    void a_replica_that_has_seen_a_higher_epoch_is_told_a_higher_one_still() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.storage.node(3).down();
            at.storage
                    .node(3)
                    .ask(
                            model -> {
                                model.fencedBy(partition, 50);
                                return true;
                            });
            done(at.topics.delete("t"));
            at.storage.node(3).up();
            eventually("the deletion is over", () -> !deletionsLeft(at));
            assertTrue(!holds(at, 3, partition));
        }
    }
}
