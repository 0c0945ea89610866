package io.ackgate.replication.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.v1.ReplicaAnswer;
import io.ackgate.storage.v1.ReplicateResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a gateway makes of a far end that does not keep to the contract, or not any more. */
@Timeout(60)
class MisbehavingNodeTest {
    private static final NodeId ONE = new NodeId(1);
    private static final PartitionId P = new PartitionId(new TopicId(1, 2), 0);

    /** A ping every 100 ms, half a second of silence, at most 1 MB waiting. */
    private static final GrpcTransportSettings IMPATIENT =
            new GrpcTransportSettings("test", 1, 1_000, 100, 500, 10, 50, 1_000_000);

    private final BlockingQueue<Long> opened = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private final StorageTransport.Listener listener =
            new StorageTransport.Listener() {
                @Override
                public void opened(NodeId node, long stream) {
                    opened.add(stream);
                }

                @Override
                public void closed(NodeId node, long stream, String why) {
                    closed.add(why);
                }

                @Override
                public void answered(NodeId node, long stream, List<StorageAnswer> answers) {}
            };

    @Test
    void a_node_that_says_nothing_any_more_is_given_up_and_tried_again() throws Exception {
        try (ScriptedNode node =
                        new ScriptedNode(
                                (call, message) -> {
                                    if (message.hasHello()) {
                                        ScriptedNode.greet(call, 1);
                                    }
                                    call.request(1);
                                });
                GrpcTransport _ = transport(node)) {
            long first = opened();
            String why = closedBecause();
            assertTrue(why.startsWith("no sign of life for "), why);
            assertTrue(opened() > first);
        }
    }

    @Test
    void a_node_that_takes_nothing_has_no_room_and_keeps_its_stream() throws Exception {
        GrpcTransportSettings patient =
                new GrpcTransportSettings("test", 1, 1_000, 60_000, 60_000, 10, 50, 1_000_000);
        // Never asks for the second message, so that HTTP/2 holds everything back.
        try (ScriptedNode node = new ScriptedNode((call, _) -> ScriptedNode.greet(call, 1));
                GrpcTransport transport = transport(node, patient)) {
            long stream = opened();
            int sent = 0;
            while (transport.hasRoom(ONE)) {
                transport.send(
                        ONE,
                        stream,
                        new StorageRequest.Append(P, 1, ByteBuffer.allocate(10_000), 0));
                transport.flush();
                sent++;
                assertTrue(sent < 10_000, "nobody keeps 100 MB for a node that takes nothing");
            }
            // What cannot wait goes behind it.
            transport.send(ONE, stream, new StorageRequest.Fence(P, 1));
            transport.flush();
            assertTrue(closed.isEmpty());
        }
    }

    @Test
    void a_name_that_takes_long_to_look_up_holds_up_no_other_node() throws Exception {
        CountDownLatch found = new CountDownLatch(1);
        BlockingQueue<Long> pings = new LinkedBlockingQueue<>();
        NodeAddress slow = new NodeAddress("slow.invalid", 1);
        try (ScriptedNode node =
                        new ScriptedNode(
                                (call, message) -> {
                                    if (message.hasHello()) {
                                        ScriptedNode.greet(call, 1);
                                    } else {
                                        pings.add(message.getPing());
                                    }
                                    call.request(1);
                                });
                GrpcTransport transport =
                        new GrpcTransport(
                                IMPATIENT,
                                7,
                                Map.of(ONE, node.address(), new NodeId(2), slow),
                                address -> {
                                    if (address.equals(slow)) {
                                        awaitUninterruptibly(found);
                                    }
                                    return address.resolve();
                                })) {
            transport.start(listener);
            opened();
            assertTrue(present(pings.poll(30, TimeUnit.SECONDS)) > 0, "heartbeats go on");
            found.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void an_answer_that_cannot_be_understood_ends_the_stream() throws Exception {
        try (ScriptedNode node =
                        new ScriptedNode(
                                (call, message) -> {
                                    if (message.hasHello()) {
                                        ScriptedNode.greet(call, 1);
                                    } else {
                                        call.sendMessage(
                                                ReplicateResponse.newBuilder()
                                                        .addAnswers(ReplicaAnswer.newBuilder())
                                                        .build());
                                    }
                                    call.request(1);
                                });
                GrpcTransport transport = transport(node)) {
            transport.send(ONE, opened(), new StorageRequest.Fence(P, 1));
            transport.flush();
            String why = closedBecause();
            assertTrue(why.startsWith("an answer cannot be understood: "), why);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, test", "1, other", "1, ''"})
    void a_node_that_answers_as_another_or_of_another_cluster_is_not_opened(
            int answersAs, String cluster) throws Exception {
        BlockingQueue<Long> attempts = new LinkedBlockingQueue<>();
        try (ScriptedNode node =
                        new ScriptedNode(
                                (call, message) -> {
                                    attempts.add(message.getHello().getStream());
                                    ScriptedNode.greet(call, answersAs, cluster);
                                });
                GrpcTransport _ = transport(node)) {
            long first = present(attempts.poll(30, TimeUnit.SECONDS));
            long second = present(attempts.poll(30, TimeUnit.SECONDS));
            assertTrue(second > first, "tried again, under another number");
            assertNull(opened.poll());
            assertNull(closed.poll());
        }
    }

    @Test
    void pauses_between_attempts_grow_to_a_bound() {
        assertEquals(10, IMPATIENT.backoffMillis(1, 0));
        assertEquals(20, IMPATIENT.backoffMillis(2, 0));
        assertEquals(40, IMPATIENT.backoffMillis(3, 0));
        assertEquals(50, IMPATIENT.backoffMillis(4, 0));
        assertEquals(50, IMPATIENT.backoffMillis(1_000_000, 0));
        assertEquals(26, IMPATIENT.backoffMillis(4, 0.999), "less a random part of up to half");
    }

    private GrpcTransport transport(ScriptedNode node) {
        return transport(node, IMPATIENT);
    }

    private GrpcTransport transport(ScriptedNode node, GrpcTransportSettings settings) {
        GrpcTransport transport = new GrpcTransport(settings, 7, Map.of(ONE, node.address()));
        transport.start(listener);
        return transport;
    }

    private long opened() throws InterruptedException {
        return present(opened.poll(30, TimeUnit.SECONDS));
    }

    private String closedBecause() throws InterruptedException {
        return present(closed.poll(30, TimeUnit.SECONDS));
    }

    private static <T> T present(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("nothing in 30 s");
        }
        return value;
    }
}
