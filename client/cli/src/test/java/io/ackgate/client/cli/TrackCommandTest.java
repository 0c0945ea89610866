package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.v1.BatchAccepted;
import io.ackgate.v1.BatchCommitted;
import io.ackgate.v1.ClusterServiceGrpc;
import io.ackgate.v1.DescribeTopicRequest;
import io.ackgate.v1.DescribeTopicResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.ackgate.v1.Receipt;
import io.ackgate.v1.ReplicaPersisted;
import io.ackgate.v1.RequestError;
import io.ackgate.v1.TrackProduceRequest;
import io.ackgate.v1.TrackProduceResponse;
import io.ackgate.v1.WriteStatus;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The steps of one record, as they are shown. */
class TrackCommandTest {
    private final List<TrackProduceRequest> requests = new ArrayList<>();
    private final List<TrackProduceResponse> steps = new ArrayList<>();
    private final Server server;

    TrackCommandTest() throws IOException {
        server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(new Tracking())
                        .addService(new Describing())
                        .build()
                        .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    private final class Tracking extends ProducerServiceGrpc.ProducerServiceImplBase {
        @Override
        public void trackProduce(
                TrackProduceRequest request, StreamObserver<TrackProduceResponse> answers) {
            requests.add(request);
            steps.forEach(answers::onNext);
            answers.onCompleted();
        }
    }

    private static final class Describing extends ClusterServiceGrpc.ClusterServiceImplBase {
        @Override
        public void describeTopic(
                DescribeTopicRequest request, StreamObserver<DescribeTopicResponse> answer) {
            answer.onNext(DescribeTopicResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    private CommandRun run(String... args) {
        List<String> line = new ArrayList<>(List.of("track", "t", "hello"));
        line.addAll(List.of(args));
        line.addAll(List.of("--bootstrap", "127.0.0.1:" + server.getPort()));
        return CommandRun.of(line.toArray(String[]::new));
    }

    private static TrackProduceResponse.Builder at(long micros) {
        return TrackProduceResponse.newBuilder().setElapsedUs(micros);
    }

    @Test
    void each_step_is_a_line() {
        steps.add(
                at(40).setAccepted(BatchAccepted.newBuilder().setBaseOffset(5).setLeaderEpoch(3))
                        .build());
        steps.add(
                at(950).setPersisted(ReplicaPersisted.newBuilder().setNodeId(1).setLeader(true))
                        .build());
        steps.add(at(1_200).setPersisted(ReplicaPersisted.newBuilder().setNodeId(2)).build());
        steps.add(at(1_210).setCommitted(BatchCommitted.newBuilder().setHighWatermark(6)).build());
        steps.add(
                at(1_220)
                        .setReceipt(
                                Receipt.newBuilder()
                                        .setPartition(4)
                                        .setBaseOffset(5)
                                        .setIsrSize(3)
                                        .addReplicas(1)
                                        .addReplicas(2))
                        .build());
        CommandRun run = run("--key", "k", "--partition", "4", "--acks", "1");
        assertEquals(0, run.status(), run::err);
        assertEquals(
                """
                    0.040 ms  accepted     baseOffset=5 leaderEpoch=3
                    0.950 ms  persisted    node=1 leader=true
                    1.200 ms  persisted    node=2 leader=false
                    1.210 ms  committed    highWatermark=6
                    1.220 ms  acknowledged partition=4 offset=5 isr=3 replicas=[1,2]
                """,
                run.out());
        var produce = requests.getFirst().getProduce();
        assertEquals("k", produce.getRecords(0).getKey().toStringUtf8());
        assertEquals("hello", produce.getRecords(0).getValue().toStringUtf8());
        assertEquals(4, produce.getPartition());
        assertEquals(io.ackgate.v1.Acks.ACKS_LEADER, produce.getAcks());
        assertTrue(run("-o", "json").out().startsWith("{\"elapsedUs\":40,\"step\":\"accepted\""));
    }

    @Test
    void an_error_tells_what_became_of_the_record() {
        steps.add(
                at(9).setError(
                                RequestError.newBuilder()
                                        .setCode("REQUEST_TIMED_OUT")
                                        .setMessage("too late")
                                        .setRetriable(true)
                                        .setWriteStatus(
                                                WriteStatus.WRITE_STATUS_MAY_HAVE_BEEN_WRITTEN))
                        .build());
        CommandRun run = run();
        assertEquals(3, run.status());
        assertTrue(run.err().contains("REQUEST_TIMED_OUT"), run::err);
        steps.clear();
        steps.add(
                at(9).setError(
                                RequestError.newBuilder()
                                        .setCode("NOT_ENOUGH_REPLICAS")
                                        .setWriteStatus(WriteStatus.WRITE_STATUS_NOT_WRITTEN))
                        .build());
        assertEquals(1, run().status());
    }
}
