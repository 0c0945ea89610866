package io.ackgate.gateway.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PartitionRouterTest {
    /** It was admitted before the gateway closed its doors, and put after the thread had ended. */
    @Test
    void a_request_that_comes_after_the_threads_have_ended_is_answered_and_holds_nothing()
            throws Exception {
        Admission admission = new Admission(1 << 20, 10, node -> true);
        ModelStorage storage = new ModelStorage(0);
        try (MetadataStore metadata = EmbeddedMetadataStore.open(new StoreDisk(), () -> {})) {
            PartitionRouter loop =
                    new PartitionRouter(
                            new Ports(
                                    new GatewaySession(1),
                                    GatewayFixture.settings(),
                                    Partition::new,
                                    metadata,
                                    storage,
                                    System::nanoTime,
                                    admission,
                                    new ReadTurns(ReadBudget.defaults()),
                                    new ReadMemory(1 << 20, System::nanoTime),
                                    (partition, event) -> {},
                                    (node, stream, answer) -> {}));
            loop.start();
            loop.stop("the test says so").get(20, TimeUnit.SECONDS);
            CompletableFuture<ProduceOutcome> outcome = new CompletableFuture<>();
            loop.request(
                    new Request.Produce(
                            new PartitionId(new TopicId(1, 1), 0),
                            GatewayFixture.batch("late"),
                            Acks.ALL,
                            Long.MAX_VALUE,
                            0,
                            outcome::complete));
            ProduceOutcome.Failed failed =
                    assertInstanceOf(
                            ProduceOutcome.Failed.class, outcome.get(20, TimeUnit.SECONDS));
            assertEquals(WriteStatus.NOT_WRITTEN, failed.writeStatus());
            assertEquals(0, admission.bytes());
            assertEquals(0, admission.pendingRequests());
            assertEquals(0, admission.pendingProduces());
        }
    }
}
