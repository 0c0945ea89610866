package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.Calls;
import io.ackgate.v1.ClusterServiceGrpc;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.DescribeTopicRequest;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.PartitionDescription;
import io.ackgate.v1.ReplicaDescription;
import io.ackgate.v1.SubscribeRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What tests ask of a gateway that is a process of its own. */
final class GatewayAccess implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 30;
    private static final int LARGE_MESSAGE_BYTES = 80 << 20;

    private final int port;
    private final ManagedChannel channel;
    private final List<ManagedChannel> others = new ArrayList<>();

    GatewayAccess(int port) {
        this.port = port;
        this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    ManagedChannel channel() {
        return channel;
    }

    /** One more connection, which takes large messages; closed with this. */
    ManagedChannel connect() {
        ManagedChannel other =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .maxInboundMessageSize(LARGE_MESSAGE_BYTES)
                        .build();
        others.add(other);
        return other;
    }

    /** A topic of three replicas, two of which have to be in sync. */
    void createTopic(String name, int partitions, String durability) throws Exception {
        createTopic(name, partitions, Map.of("ackgate.durability", durability));
    }

    /** A topic of three replicas, two of which have to be in sync, with further settings. */
    void createTopic(String name, int partitions, Map<String, String> settings) throws Exception {
        String topic =
                """
                {"name": "%s", "partitions": %d, "replicationFactor": 3,
                 "settings": {"min.insync.replicas": 2%s}}
                """
                        .formatted(
                                name,
                                partitions,
                                settings.entrySet().stream()
                                        .map(
                                                one ->
                                                        ", \"%s\": \"%s\""
                                                                .formatted(
                                                                        one.getKey(),
                                                                        one.getValue()))
                                        .collect(Collectors.joining()));
        HttpRequest.Builder request = topics("").header("Content-Type", "application/json");
        send(request.POST(HttpRequest.BodyPublishers.ofString(topic)), 201);
    }

    void deleteTopic(String name) throws Exception {
        send(topics("/" + name).DELETE(), 204);
    }

    private HttpRequest.Builder topics(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/admin/v1/topics%s".formatted(port, path)));
    }

    private static void send(HttpRequest.Builder request, int status) throws Exception {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertEquals(status, answer.statusCode(), answer::body);
        } catch (IOException e) {
            throw new AssertionError("the admin API does not answer", e);
        }
    }

    InitProducerResponse newProducer() {
        return Calls.producer(channel).initProducer(InitProducerRequest.getDefaultInstance());
    }

    /** Everything committed in a partition. */
    List<ConsumerRecord> read(Place place) {
        List<ConsumerRecord> records = new ArrayList<>();
        Calls.consumer(channel)
                .subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(place.topic())
                                .addPartitions(place.partition())
                                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST)
                                .setStopAtEnd(true)
                                .build())
                .forEachRemaining(chunk -> records.addAll(chunk.getRecordsList()));
        return records;
    }

    List<PartitionDescription> partitions(String topic) {
        return ClusterServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .describeTopic(DescribeTopicRequest.newBuilder().setTopic(topic).build())
                .getPartitionsList();
    }

    /** Waits until the in-sync replicas of every partition are these. */
    void awaitIsr(String topic, Set<Integer> nodes) {
        Calls.await(
                () ->
                        partitions(topic).stream()
                                .allMatch(partition -> isr(partition).equals(nodes)));
    }

    private static Set<Integer> isr(PartitionDescription partition) {
        return partition.getReplicasList().stream()
                .filter(ReplicaDescription::getInSync)
                .map(ReplicaDescription::getNodeId)
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        others.forEach(ManagedChannel::shutdownNow);
    }
}
