package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.consumer;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;

import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.ConsumerService;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.PartitionOffset;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.Channel;
import io.quarkus.grpc.GrpcClient;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.ArrayList;
import java.util.List;

/** Calls of the consumer service, by clients that wait and by one that does not. */
abstract class ReadingFixture {
    @GrpcClient("gateway")
    Channel channel;

    @GrpcClient("gateway")
    ConsumerService consumers;

    void commit(String group, String topic, long offset, String metadata) {
        consumer(channel)
                .commitOffsets(
                        CommitOffsetsRequest.newBuilder()
                                .setGroup(group)
                                .setTopic(topic)
                                .addOffsets(
                                        CommittedOffset.newBuilder()
                                                .setOffset(offset)
                                                .setMetadata(metadata))
                                .build());
    }

    List<PartitionOffset> list(ListOffsetsRequest.Builder request) {
        return consumer(channel).listOffsets(request.build()).getOffsetsList();
    }

    FetchResponse fetch(String topic, long offset) {
        return consumer(channel)
                .fetch(FetchRequest.newBuilder().setTopic(topic).setOffset(offset).build());
    }

    void produce(String topic, int partition, List<ProducerRecord> records) {
        producer(channel)
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(topic)
                                .setPartition(partition)
                                .addAllRecords(records)
                                .build());
    }

    /** All that is there, as text. */
    List<String> read(SubscribeRequest.Builder request) {
        return values(subscribeBlocking(request.setStopAtEnd(true)));
    }

    List<SubscribeResponse> subscribeBlocking(SubscribeRequest.Builder request) {
        List<SubscribeResponse> responses = new ArrayList<>();
        consumer(channel).subscribe(request.build()).forEachRemaining(responses::add);
        return responses;
    }

    AssertSubscriber<SubscribeResponse> subscribe(SubscribeRequest.Builder request) {
        return consumers
                .subscribe(request.build())
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    static void awaitValues(AssertSubscriber<SubscribeResponse> subscriber, List<String> sorted) {
        await(() -> sorted.equals(values(subscriber.getItems()).stream().sorted().toList()));
    }

    static List<String> values(List<SubscribeResponse> responses) {
        return responses.stream()
                .flatMap(response -> response.getRecordsList().stream())
                .map(record -> record.getValue().toStringUtf8())
                .toList();
    }

    static List<Long> offsets(List<ConsumerRecord> records) {
        return records.stream().map(ConsumerRecord::getOffset).toList();
    }
}
