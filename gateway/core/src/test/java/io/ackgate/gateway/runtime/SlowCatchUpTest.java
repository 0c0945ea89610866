package io.ackgate.gateway.runtime;

import static io.ackgate.gateway.runtime.GatewayFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.storage.api.PartitionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replicas that lack much get it within small bounds, and no stream ends for it. */
@Timeout(120)
class SlowCatchUpTest {
    private static final int PARTITIONS = 60;

    /** One read at a time from each node. */
    private static GatewayFixture oneReadAtATime() throws Exception {
        RuntimeSettings of = GatewayFixture.settings();
        return new GatewayFixture(
                new RuntimeSettings(
                        of.threads(),
                        of.maxInFlightBytes(),
                        of.maxPendingRequests(),
                        new ReadBudget(1, 1, 1),
                        of.readMemoryBytes(),
                        of.tickNanos(),
                        of.casTimeoutNanos(),
                        of.retryLeastNanos(),
                        of.retryMostNanos(),
                        of.partition()),
                new StoreDisk(),
                new ModelStorage(3),
                Partition::new);
    }

    private static void write(GatewayFixture at, Topic topic) {
        for (int batch = 0; batch < 5; batch++) {
            for (int index = 0; index < topic.partitions(); index++) {
                at.written(topic.partition(index), Acks.ALL, "batch " + batch);
            }
        }
    }

    private static int frames(ModelStorage.Node node, PartitionId partition) {
        Integer frames = node.ask(model -> model.frames(partition).size());
        return frames;
    }

    @Test
    void a_node_that_was_away_catches_up_in_every_partition() throws Exception {
        try (GatewayFixture at = oneReadAtATime()) {
            Topic topic = at.serving(TopicSpec.named("t").withPartitions(PARTITIONS));
            at.storage.node(3).down();
            for (int index = 0; index < PARTITIONS; index++) {
                at.awaitInSync(topic.partition(index), 2);
            }
            write(at, topic);
            at.storage.node(3).up();
            for (int index = 0; index < PARTITIONS; index++) {
                at.awaitInSync(topic.partition(index), 3);
                assertEquals(5, frames(at.storage.node(3), topic.partition(index)));
            }
        }
    }

    @Test
    void a_node_that_takes_nothing_is_sent_nothing_until_it_does() throws Exception {
        try (GatewayFixture at = oneReadAtATime()) {
            Topic topic = at.serving(TopicSpec.named("t"));
            PartitionId partition = topic.partition(0);
            at.awaitInSync(partition, 3);
            int leader = at.state(partition).leader().orElseThrow().value();
            ModelStorage.Node slow = at.storage.node(leader == 3 ? 2 : 3);
            slow.full = true;
            // acks=all is fulfilled by the others once this one has left the ISR.
            write(at, topic);
            assertEquals(0, frames(slow, partition));
            slow.full = false;
            at.awaitInSync(partition, 3);
            assertEquals(5, frames(slow, partition));
            eventually("no bytes are held", () -> at.gateway.inFlightBytes() == 0);
        }
    }
}
