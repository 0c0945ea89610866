package io.ackgate.replication.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.replication.wire.AnswerCodec;
import io.ackgate.replication.wire.ReplicaMethods;
import io.ackgate.replication.wire.RequestCodec;
import io.ackgate.storage.api.ClusterIds;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeIdentity;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.v1.DescribeRequest;
import io.ackgate.storage.v1.DescribeResponse;
import io.ackgate.storage.v1.ReplicaRequest;
import io.ackgate.storage.v1.ReplicaServiceGrpc;
import io.ackgate.storage.v1.ReplicateRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The node's side of a stream, spoken to in raw messages. */
class ReplicaStreamTest {
    private static final PartitionId PARTITION = new PartitionId(new TopicId(1, 2), 0);
    private static final int MAX_PENDING_BYTES = 1_000_000;
    private static final StorageRequest FENCE = new StorageRequest.Fence(PARTITION, 1);

    private final RecordingReplicas replicas = new RecordingReplicas();
    private final OneMember membership = new OneMember("test");
    private final ReplicaStreams streams =
            new ReplicaStreams(membership, replicas, MAX_PENDING_BYTES);

    private ReplicaServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        start(true);
    }

    private void start(boolean reflection) throws Exception {
        DescribeResponse description = DescribeResponse.newBuilder().setNodeId(1).build();
        server =
                new ReplicaServer(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        1,
                        reflection,
                        streams.service(
                                new DescribeCall(
                                        () -> CompletableFuture.completedFuture(description))));
        channel =
                NettyChannelBuilder.forAddress(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), server.port()))
                        .usePlaintext()
                        .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        server.kill();
    }

    @Test
    void requests_reach_the_engine_in_their_order_under_the_session_of_the_hello()
            throws Exception {
        RawStream stream = new RawStream(channel).greeted(7, 3);
        List<StorageRequest> requests =
                List.of(
                        FENCE,
                        new StorageRequest.Reconcile(PARTITION, 1, Incarnation.of(1, 1), 0),
                        new StorageRequest.Delete(PARTITION, 1));

        stream.call.sendMessage(ReplicaMethods.message(requests.subList(0, 2)));
        stream.call.sendMessage(ReplicaMethods.message(requests.subList(2, 3)));

        for (StorageRequest request : requests) {
            assertEquals(
                    new RecordingReplicas.Submitted(new StreamSession(7, 3), request),
                    replicas.submitted.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void answers_of_one_turn_leave_as_one_message() throws Exception {
        RawStream stream = new RawStream(channel).greeted(7, 3);
        List<StorageAnswer> answers =
                List.of(
                        new StorageAnswer.Missing(PARTITION, 1),
                        new StorageAnswer.Deleted(PARTITION, 2));

        streams.answer(new StreamSession(7, 3), answers);
        streams.answer(new StreamSession(7, 2), answers);

        var message = stream.next();
        assertEquals(answers.get(0), AnswerCodec.decode(message.getAnswers(0)));
        assertEquals(answers.get(1), AnswerCodec.decode(message.getAnswers(1)));
        assertEquals(2, message.getAnswersCount());
    }

    @Test
    void another_node_or_cluster_refuses_and_says_which_is_there() throws Exception {
        Status node = new RawStream(channel).say(RawStream.hello(7, 1).setNodeId(2)).end();
        assertEquals(Status.Code.FAILED_PRECONDITION, node.getCode());
        assertEquals("this is node 1 and node 2 was asked for", node.getDescription());

        Status cluster =
                new RawStream(channel).say(RawStream.hello(7, 1).setClusterId("other")).end();
        assertEquals(Status.Code.FAILED_PRECONDITION, cluster.getCode());
        String told = String.valueOf(cluster.getDescription());
        assertTrue(
                told.startsWith(
                        "this is a node of cluster 'test' and cluster 'other' was asked for: "),
                told);
        assertEquals(0, streams.count());
        assertTrue(replicas.closed.isEmpty(), "the engine was never told of them");
    }

    @Test
    void a_node_of_no_cluster_belongs_to_that_of_the_first_gateway_before_it_answers()
            throws Exception {
        membership.now = membership.now.in(ClusterIds.NONE);
        Status wrongNode =
                new RawStream(channel)
                        .say(RawStream.hello(7, 1).setNodeId(2).setClusterId("other"))
                        .end();
        Status noName = new RawStream(channel).say(RawStream.hello(7, 1).setClusterId("")).end();
        assertEquals(Status.Code.FAILED_PRECONDITION, wrongNode.getCode());
        assertEquals(Status.Code.FAILED_PRECONDITION, noName.getCode());
        assertFalse(membership.now.hasCluster(), "whoever meant another node changes nothing");

        membership.failure = "no space";
        Status unwritten = new RawStream(channel).say(RawStream.hello(7, 1)).end();
        assertEquals(Status.Code.UNAVAILABLE, unwritten.getCode());
        assertEquals(
                "node 1 cannot write down that it belongs to cluster 'test': no space",
                unwritten.getDescription());

        membership.failure = "";
        RawStream first = new RawStream(channel).say(RawStream.hello(7, 1));
        assertEquals("test", first.next().getHello().getClusterId());
        assertEquals(
                Status.Code.FAILED_PRECONDITION,
                new RawStream(channel)
                        .say(RawStream.hello(8, 1).setClusterId("other"))
                        .end()
                        .getCode());
    }

    @Test
    void nothing_but_a_hello_may_come_first() throws Exception {
        RawStream stream = new RawStream(channel);
        stream.call.sendMessage(ReplicaMethods.message(List.of(FENCE)));
        assertEquals(Status.Code.INVALID_ARGUMENT, stream.end().getCode());
        assertEquals(
                Status.Code.INVALID_ARGUMENT,
                new RawStream(channel).say(RawStream.hello(7, 0)).end().getCode());
        assertEquals(List.of(), replicas.requests());
    }

    @Test
    void a_message_that_cannot_be_understood_ends_the_stream_and_none_of_it_is_done()
            throws Exception {
        RawStream stream = new RawStream(channel).greeted(7, 1);
        stream.call.sendMessage(
                ReplicateRequest.newBuilder()
                        .addRequests(RequestCodec.encode(FENCE))
                        .addRequests(ReplicaRequest.newBuilder().setEpoch(1))
                        .build());

        Status end = stream.end();

        assertEquals(Status.Code.INVALID_ARGUMENT, end.getCode());
        assertTrue(
                String.valueOf(end.getDescription()).contains("asks for nothing"), end::toString);
        assertEquals(new StreamSession(7, 1), replicas.closed.poll(10, TimeUnit.SECONDS));
        assertEquals(List.of(), replicas.requests());
    }

    @Test
    void a_younger_stream_of_a_gateway_takes_the_place_of_its_older_one() throws Exception {
        RawStream older = new RawStream(channel).greeted(7, 1);
        RawStream ofAnother = new RawStream(channel).greeted(8, 1);
        RawStream younger = new RawStream(channel).greeted(7, 2);

        assertEquals(Status.Code.ABORTED, older.end().getCode());
        assertEquals(new StreamSession(7, 1), replicas.closed.poll(10, TimeUnit.SECONDS));
        assertEquals(2, streams.count());

        Status late = new RawStream(channel).say(RawStream.hello(7, 1)).end();
        assertEquals(Status.Code.ALREADY_EXISTS, late.getCode());

        younger.call.sendMessage(ReplicaMethods.message(List.of(FENCE)));
        ofAnother.call.sendMessage(ReplicaMethods.message(List.of(FENCE)));
        replicas.submitted.poll(10, TimeUnit.SECONDS);
        replicas.submitted.poll(10, TimeUnit.SECONDS);
        assertNull(replicas.closed.poll(), "the streams that are open stay so");
    }

    @Test
    void the_engine_learns_of_each_end_once() throws Exception {
        new RawStream(channel).greeted(7, 1).call.cancel("the test ends it", null);
        assertEquals(new StreamSession(7, 1), replicas.closed.poll(10, TimeUnit.SECONDS));

        RawStream half = new RawStream(channel).greeted(7, 2);
        half.call.halfClose();
        assertEquals(Status.Code.OK, half.end().getCode());
        assertEquals(new StreamSession(7, 2), replicas.closed.poll(10, TimeUnit.SECONDS));

        new RawStream(channel).greeted(7, 3);
        server.close();
        assertEquals(new StreamSession(7, 3), replicas.closed.poll(10, TimeUnit.SECONDS));
        assertTrue(replicas.closed.isEmpty());
        assertEquals(0, streams.count());
    }

    @Test
    void a_gateway_hears_why_its_stream_ends_when_the_node_stops() throws Exception {
        RawStream stream = new RawStream(channel).greeted(7, 1);
        streams.end(Status.UNAVAILABLE.withDescription("node-1 is stopping"));
        server.close();
        Status end = stream.end();
        assertEquals(Status.Code.UNAVAILABLE, end.getCode());
        assertEquals("node-1 is stopping", end.getDescription());
        assertEquals(new StreamSession(7, 1), replicas.closed.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void a_ping_is_answered_at_once_although_the_engine_is_stuck() throws Exception {
        RawStream stream = new RawStream(channel).greeted(7, 1);
        stream.call.sendMessage(ReplicaMethods.message(List.of(FENCE)));
        stream.call.sendMessage(ReplicateRequest.newBuilder().setPing(42).build());
        assertEquals(42, stream.next().getPong());
    }

    @Test
    void a_gateway_is_held_back_while_the_engine_has_enough_to_do() throws Exception {
        replicas.holdBack();
        RawStream stream = new RawStream(channel).greeted(7, 1);
        int messages = 60;
        StorageRequest append =
                new StorageRequest.Append(PARTITION, 1, ByteBuffer.allocate(300_000), 0);
        for (int i = 0; i < messages; i++) {
            stream.call.sendMessage(ReplicaMethods.message(List.of(append)));
        }

        for (int taken = 0; taken < 4; taken++) {
            assertEquals(
                    append,
                    replicas.submitted.poll(10, TimeUnit.SECONDS).request(),
                    "up to the bound, and what was asked for before it was met");
        }
        assertNull(replicas.submitted.poll(300, TimeUnit.MILLISECONDS), "and not one more");
        assertFalse(stream.call.isReady(), "the rest waits with the gateway");

        replicas.settleAll();
        for (int taken = 4; taken < messages; taken++) {
            assertEquals(append, replicas.submitted.poll(10, TimeUnit.SECONDS).request());
        }
    }

    @Test
    void describes_itself_and_tells_its_health_and_its_services() throws Exception {
        assertEquals(
                1,
                ReplicaServiceGrpc.newBlockingStub(channel)
                        .describe(DescribeRequest.getDefaultInstance())
                        .getNodeId());
        var health = HealthGrpc.newBlockingStub(channel);
        assertEquals(
                ServingStatus.NOT_SERVING,
                health.check(HealthCheckRequest.getDefaultInstance()).getStatus());
        server.serving(true);
        assertEquals(
                ServingStatus.SERVING,
                health.check(HealthCheckRequest.getDefaultInstance()).getStatus());

        assertTrue(services().contains("ackgate.storage.v1.ReplicaService"));
    }

    @Test
    void tells_nobody_of_its_services_when_it_is_not_to() throws Exception {
        stop();
        start(false);
        assertEquals("UNIMPLEMENTED", services());
    }

    private String services() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        var reflection =
                ServerReflectionGrpc.newStub(channel).serverReflectionInfo(new First(answer));
        reflection.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        return answer.get(10, TimeUnit.SECONDS);
    }

    /** The node's directory, without a disk. */
    private static final class OneMember implements Membership {
        private volatile NodeIdentity now;
        private volatile String failure = "";

        OneMember(String cluster) {
            now = new NodeIdentity(cluster, new NodeId(1), RawStream.COOKIE);
        }

        @Override
        public NodeIdentity identity() {
            return now;
        }

        @Override
        public NodeIdentity join(String clusterId) throws IOException {
            if (!failure.isEmpty()) {
                throw new IOException(failure);
            }
            now = now.hasCluster() ? now : now.in(clusterId);
            return now;
        }
    }

    /** Takes the first answer. */
    private record First(CompletableFuture<String> answer)
            implements StreamObserver<ServerReflectionResponse> {
        @Override
        public void onNext(ServerReflectionResponse value) {
            answer.complete(value.toString());
        }

        @Override
        public void onError(Throwable t) {
            answer.complete(Status.fromThrowable(t).getCode().name());
        }

        @Override
        public void onCompleted() {}
    }
}
