package io.ackgate.gateway.runtime;

import static io.ackgate.gateway.runtime.GatewayFixture.SECOND;
import static io.ackgate.gateway.runtime.GatewayFixture.await;
import static io.ackgate.gateway.runtime.GatewayFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.runtime.ReadMemory.Reader;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.storage.api.PartitionId;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway reads for consumers what it has room for, and asks no node for more. */
@Timeout(60)
class ReadMemoryOfGatewayTest {
    private static final int ROOM = 2 << 20;

    private static GatewayFixture fixture() throws Exception {
        return new GatewayFixture(
                GatewayFixture.settings().withReadMemoryBytes(ROOM),
                new StoreDisk(),
                new ModelStorage(3),
                Partition::new);
    }

    private static CompletableFuture<FetchOutcome> fetch(
            GatewayFixture at, PartitionId partition, long offset, Reader reader) {
        CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();
        at.gateway.fetch(partition, offset, 64 << 20, 1, 300 * SECOND, reader, outcome::complete);
        return outcome;
    }

    @Test
    void nothing_is_read_while_the_room_is_used_up() throws Exception {
        try (GatewayFixture at = fixture()) {
            ReadMemory memory = at.gateway.readMemory();
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.written(partition, Acks.ALL, "x");
            Reader slow = memory.reader(() -> {});
            slow.hold(ROOM);
            Reader reader = memory.reader(() -> {});
            CompletableFuture<FetchOutcome> waiting = fetch(at, partition, 0, reader);
            eventually("it waits", () -> memory.waitingReads() == 1);
            at.written(partition, Acks.ALL, "is written meanwhile");
            assertFalse(waiting.isDone());

            slow.close();
            FetchOutcome.Fetched fetched =
                    assertInstanceOf(FetchOutcome.Fetched.class, await(waiting));
            assertEquals(fetched.frames().remaining(), reader.held());
            assertEquals(reader.held(), memory.bytes());
            reader.close();
            assertEquals(0, memory.bytes());
        }
    }

    @Test
    void who_finds_no_room_for_long_is_told_to_come_back_later() throws Exception {
        try (GatewayFixture at = fixture()) {
            ReadMemory memory = at.gateway.readMemory();
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.written(partition, Acks.ALL, "x");
            Reader slow = memory.reader(() -> {});
            slow.hold(ROOM);
            FetchOutcome.Throttled throttled =
                    assertInstanceOf(
                            FetchOutcome.Throttled.class, at.fetch(partition, 0, SECOND / 2));
            assertTrue(throttled.detail().contains("memory for answers"), throttled.detail());
            assertEquals(0, memory.waitingReads());
            slow.close();
            assertInstanceOf(FetchOutcome.Fetched.class, at.fetch(partition, 0, 0));
        }
    }

    @Test
    void a_long_poll_holds_nothing_while_it_waits() throws Exception {
        try (GatewayFixture at = fixture()) {
            ReadMemory memory = at.gateway.readMemory();
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.written(partition, Acks.ALL, "x");
            Reader reader = memory.reader(() -> {});
            CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();
            Cancellable poll =
                    at.gateway.fetch(
                            partition, 0, 1 << 20, 1_000, 300 * SECOND, reader, outcome::complete);
            eventually("it has found too little", () -> at.gateway.waitingReads() == 1);
            eventually("nothing is held", () -> memory.bytes() == 0);
            poll.cancel();
        }
    }

    @Test
    void who_has_gone_holds_nothing() throws Exception {
        try (GatewayFixture at = fixture()) {
            ReadMemory memory = at.gateway.readMemory();
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.written(partition, Acks.ALL, "x");
            at.storage.nodes.values().forEach(ModelStorage.Node::pause);
            CompletableFuture<FetchOutcome> nobody = new CompletableFuture<>();
            Cancellable cancelled =
                    at.gateway.fetch(
                            partition,
                            0,
                            1,
                            1,
                            300 * SECOND,
                            memory.reader(() -> {}),
                            nobody::complete);
            eventually("it is under way", () -> memory.bytes() > 0);
            cancelled.cancel();
            eventually("it has gone", () -> memory.bytes() == 0);
            at.storage.nodes.values().forEach(ModelStorage.Node::resume);
            assertInstanceOf(FetchOutcome.Fetched.class, at.fetch(partition, 0, 0));
        }
    }
}
