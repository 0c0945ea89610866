package io.ackgate.gateway.runtime;

import static io.ackgate.gateway.runtime.GatewayFixture.SECOND;
import static io.ackgate.gateway.runtime.GatewayFixture.await;
import static io.ackgate.gateway.runtime.GatewayFixture.bounded;
import static io.ackgate.gateway.runtime.GatewayFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Partition;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.storage.api.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many requests wait at a gateway, and how they stop waiting. */
@Timeout(120)
class WaitingRequestsTest {
    @Test
    void requests_of_each_kind_are_bounded() throws Exception {
        try (GatewayFixture at =
                new GatewayFixture(
                        bounded(64 << 20, 10),
                        new StoreDisk(),
                        new ModelStorage(3),
                        Partition::new)) {
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.written(partition, Acks.ALL, "is there");
            List<CompletableFuture<FetchOutcome>> waiting = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                CompletableFuture<FetchOutcome> outcome = new CompletableFuture<>();
                at.gateway.fetch(
                        partition,
                        1,
                        1_000,
                        1,
                        20 * SECOND,
                        at.gateway.readMemory().reader(() -> {}),
                        outcome::complete);
                waiting.add(outcome);
            }
            eventually(
                    "two are refused",
                    () -> waiting.stream().filter(CompletableFuture::isDone).count() == 2);
            waiting.stream()
                    .filter(CompletableFuture::isDone)
                    .forEach(one -> assertInstanceOf(FetchOutcome.Throttled.class, one.join()));
            eventually("ten wait", () -> at.gateway.waitingReads() == 10);
            assertInstanceOf(
                    FetchOutcome.Fetched.class,
                    at.fetch(partition, 0, 0),
                    "who waits takes no place from who finds records");

            at.written(partition, Acks.ALL, "is written, however many reads wait");
            waiting.forEach(GatewayFixture::await);
            // The place of a request is free at the end of the turn that answers it.
            eventually("no request waits", () -> at.gateway.pendingRequests() == 0);
            assertInstanceOf(FetchOutcome.Fetched.class, at.fetch(partition, 0, 0));
            eventually("no read waits", () -> at.gateway.waitingReads() == 0);

            at.storage.nodes.values().forEach(ModelStorage.Node::pause);
            List<CompletableFuture<ProduceOutcome>> produced = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                produced.add(at.produce(partition, Acks.ALL, "a"));
            }
            ProduceOutcome.Failed failed =
                    assertInstanceOf(
                            ProduceOutcome.Failed.class,
                            await(at.produce(partition, Acks.ALL, "one too many")));
            assertEquals(ErrorCode.THROTTLING_QUOTA_EXCEEDED, failed.error());
            at.storage.nodes.values().forEach(ModelStorage.Node::resume);
            produced.forEach(GatewayFixture::await);
            assertNothingIsHeld(at);
        }
    }

    @Test
    void cancelled_requests_hold_no_place() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            PartitionId partition = at.serving(TopicSpec.named("t")).partition(0);
            at.written(partition, Acks.ALL, "x");
            List<Cancellable> polls = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                polls.add(
                        at.gateway.fetch(
                                partition,
                                1,
                                1_000,
                                1,
                                300 * SECOND,
                                at.gateway.readMemory().reader(() -> {}),
                                outcome -> {
                                    throw new AssertionError("nobody waits for " + outcome);
                                }));
            }
            eventually("all wait", () -> at.gateway.waitingReads() == 10_000);
            polls.forEach(Cancellable::cancel);
            assertInstanceOf(FetchOutcome.Fetched.class, at.fetch(partition, 0, 0));
            eventually("none waits", () -> at.gateway.waitingReads() == 0);

            at.storage.nodes.values().forEach(ModelStorage.Node::pause);
            CompletableFuture<ProduceOutcome> lost = new CompletableFuture<>();
            at.gateway
                    .produce(
                            partition,
                            GatewayFixture.batch("y"),
                            Acks.ALL,
                            300 * SECOND,
                            lost::complete)
                    .cancel();
            eventually("no request waits", () -> at.gateway.pendingRequests() == 0);
            at.storage.nodes.values().forEach(ModelStorage.Node::resume);
            eventually("it is written", () -> at.status(partition).highWatermark() == 2);
            assertFalse(lost.isDone());
            assertNothingIsHeld(at);
        }
    }

    private static void assertNothingIsHeld(GatewayFixture at) {
        eventually("no bytes are held", () -> at.gateway.inFlightBytes() == 0);
        eventually("no request waits", () -> at.gateway.pendingRequests() == 0);
    }
}
