package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.consumer;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.record.RecordBatch;
import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.ConsumerService;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.GetCommittedOffsetsRequest;
import io.ackgate.v1.Header;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.OffsetPosition;
import io.ackgate.v1.PartitionOffset;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.Record;
import io.ackgate.v1.RecordFormat;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Reading, once and as a stream. */
@QuarkusTest
class ConsumeTest {
    @GrpcClient("gateway")
    Channel channel;

    @GrpcClient("gateway")
    ConsumerService consumers;

    @Test
    void what_was_written_is_read_as_it_was() {
        String topic = topic(1, Map.of());
        Record written =
                Record.newBuilder()
                        .setKey(ByteString.EMPTY)
                        .setTimestampMs(123)
                        .addHeaders(Header.newBuilder().setKey("h").setValue(ByteString.EMPTY))
                        .addHeaders(Header.newBuilder().setKey("h"))
                        .build();
        produce(topic, 0, List.of(written));

        FetchResponse fetched = fetch(topic, 0);
        assertEquals(1, fetched.getRecordsCount());
        ConsumerRecord read = fetched.getRecords(0);
        assertTrue(read.hasKey());
        assertFalse(read.hasValue());
        assertEquals(123, read.getTimestampMs());
        assertEquals(written.getHeadersList(), read.getHeadersList());
        assertEquals(1, fetched.getNextOffset());
        assertEquals(1, fetched.getHighWatermark());
        assertEquals(0, fetched.getLogStartOffset());
        assertTrue(fetched.getLeaderEpoch() >= 1);
    }

    @Test
    void a_fetch_starts_in_the_middle_of_a_batch() {
        String topic = topic(1, Map.of());
        produce(topic, 0, List.of(record("a"), record("b"), record("c")));
        FetchResponse fetched = fetch(topic, 1);
        assertEquals(List.of(1L, 2L), offsets(fetched.getRecordsList()));
    }

    @Test
    void batches_are_given_as_they_are_stored() {
        String topic = topic(1, Map.of());
        produce(topic, 0, List.of(record("a")));
        produce(topic, 0, List.of(record("b"), record("c")));
        FetchResponse fetched =
                consumer(channel)
                        .fetch(
                                FetchRequest.newBuilder()
                                        .setTopic(topic)
                                        .setOffset(0)
                                        .setFormat(RecordFormat.RECORD_FORMAT_BATCHES)
                                        .build());
        assertEquals(0, fetched.getRecordsCount());
        List<Long> bases = new ArrayList<>();
        for (ByteString bytes : fetched.getRecordBatchesList()) {
            ByteBuffer batch = ByteBuffer.wrap(bytes.toByteArray());
            assertEquals(bytes.size(), RecordBatch.sizeInBytes(batch, 0));
            assertEquals(RecordBatch.crc(batch, 0), RecordBatch.computeCrc(batch, 0, bytes.size()));
            bases.add(RecordBatch.baseOffset(batch, 0));
        }
        assertEquals(List.of(0L, 1L), bases);
        assertEquals(3, fetched.getNextOffset());
    }

    @Test
    void a_fetch_at_the_end_waits_for_the_next_record() {
        String topic = topic(1, Map.of());
        var waiting =
                consumers
                        .fetch(
                                FetchRequest.newBuilder()
                                        .setTopic(topic)
                                        .setMaxWaitMs(30_000)
                                        .build())
                        .subscribeAsCompletionStage();
        produce(topic, 0, List.of(record("late")));
        assertEquals("late", waiting.join().getRecords(0).getValue().toStringUtf8());
    }

    @Test
    void a_fetch_at_the_end_comes_back_empty_when_its_wait_is_over() {
        String topic = topic(1, Map.of());
        FetchResponse fetched =
                consumer(channel)
                        .fetch(FetchRequest.newBuilder().setTopic(topic).setMaxWaitMs(50).build());
        assertEquals(0, fetched.getRecordsCount());
        assertEquals(0, fetched.getNextOffset());
    }

    @Test
    void offsets_that_are_not_in_the_log() throws Exception {
        String topic = topic(1, Map.of());
        produce(topic, 0, List.of(record("a")));
        assertFails(
                Status.Code.OUT_OF_RANGE,
                "OFFSET_OUT_OF_RANGE",
                "offset 2 is not in the log, which goes from 0 to the high watermark 1",
                () -> fetch(topic, 2));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "offset -1 is negative",
                () -> fetch(topic, -1));
    }

    @Test
    void bounds_of_a_fetch() throws Exception {
        String topic = topic(1, Map.of());
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "max_bytes is 0, it must be 1 to 67108864",
                () ->
                        consumer(channel)
                                .fetch(
                                        FetchRequest.newBuilder()
                                                .setTopic(topic)
                                                .setMaxBytes(0)
                                                .build()));
        assertFails(
                Status.Code.NOT_FOUND,
                "UNKNOWN_TOPIC_OR_PARTITION",
                "there is no topic 'nope'",
                () -> fetch("nope", 0));
    }

    @Test
    void a_subscription_follows_what_is_written() {
        String topic = topic(2, Map.of());
        produce(topic, 0, List.of(record("before")));
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setPosition(OffsetPosition.OFFSET_POSITION_EARLIEST));
        awaitValues(subscriber, List.of("before"));
        produce(topic, 1, List.of(record("after-1")));
        awaitValues(subscriber, List.of("after-1", "before"));
        produce(topic, 0, List.of(record("after-0")));
        awaitValues(subscriber, List.of("after-0", "after-1", "before"));
        subscriber.cancel();
    }

    @Test
    void a_subscription_can_start_at_an_offset_or_a_timestamp() {
        String topic = topic(1, Map.of());
        for (int i = 0; i < 10; i++) {
            produce(
                    topic,
                    0,
                    List.of(record("v" + i).toBuilder().setTimestampMs(1_000L * i).build()));
        }
        assertEquals(
                List.of("v7", "v8", "v9"),
                read(SubscribeRequest.newBuilder().setTopic(topic).addPartitions(0).setOffset(7)));
        assertEquals(
                List.of("v8", "v9"),
                read(SubscribeRequest.newBuilder().setTopic(topic).setTimestampMs(7_001)));
        assertEquals(
                List.of(),
                read(SubscribeRequest.newBuilder().setTopic(topic).setTimestampMs(9_001)));
    }

    @Test
    void a_subscription_goes_on_where_its_group_has_committed() {
        String topic = topic(1, Map.of());
        for (int i = 0; i < 5; i++) {
            produce(topic, 0, List.of(record("v" + i)));
        }
        String group = "group-of-" + topic;
        SubscribeRequest.Builder ofGroup =
                SubscribeRequest.newBuilder().setTopic(topic).setGroup(group);
        assertEquals(
                List.of("v0", "v1", "v2", "v3", "v4"),
                read(ofGroup),
                "nothing is committed: from the earliest");
        commit(group, topic, 3, "half-way");
        assertEquals(List.of("v3", "v4"), read(ofGroup));

        CommittedOffset committed =
                consumer(channel)
                        .getCommittedOffsets(
                                GetCommittedOffsetsRequest.newBuilder()
                                        .setGroup(group)
                                        .setTopic(topic)
                                        .build())
                        .getOffsets(0);
        assertEquals(3, committed.getOffset());
        assertEquals("half-way", committed.getMetadata());
        commit(group, topic, 1, "");
        assertEquals(List.of("v1", "v2", "v3", "v4"), read(ofGroup), "a group may go back");
    }

    @Test
    void a_group_that_has_committed_nothing_has_no_offsets() {
        String topic = topic(3, Map.of());
        assertEquals(
                0,
                consumer(channel)
                        .getCommittedOffsets(
                                GetCommittedOffsetsRequest.newBuilder()
                                        .setGroup("nobody")
                                        .setTopic(topic)
                                        .build())
                        .getOffsetsCount());
    }

    @Test
    void a_consumer_that_reads_slowly_gets_everything_nevertheless() {
        String topic = topic(1, Map.of());
        ByteString large = ByteString.copyFrom(new byte[100_000]);
        for (int i = 0; i < 60; i++) {
            produce(
                    topic,
                    0,
                    IntStream.range(0, 10)
                            .mapToObj(j -> Record.newBuilder().setValue(large).build())
                            .toList());
        }
        AssertSubscriber<SubscribeResponse> slow = AssertSubscriber.create(0);
        consumers
                .subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setPosition(OffsetPosition.OFFSET_POSITION_EARLIEST)
                                .setStopAtEnd(true)
                                .build())
                .subscribe()
                .withSubscriber(slow);
        for (int asked = 1; !slow.hasCompleted(); asked++) {
            slow.request(1);
            int expected = asked;
            await(() -> slow.hasCompleted() || slow.getItems().size() == expected);
        }
        long next = 0;
        for (SubscribeResponse response : slow.getItems()) {
            for (ConsumerRecord record : response.getRecordsList()) {
                assertEquals(next++, record.getOffset());
            }
        }
        assertEquals(600, next);
    }

    @Test
    void subscriptions_that_cannot_be() throws Exception {
        String topic = topic(2, Map.of());
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "an offset starts one partition, but 0 are named",
                () -> read(SubscribeRequest.newBuilder().setTopic(topic).setOffset(0)));
        assertFails(
                Status.Code.OUT_OF_RANGE,
                "OFFSET_OUT_OF_RANGE",
                "offset 9 is not in the log",
                () ->
                        subscribeBlocking(
                                SubscribeRequest.newBuilder()
                                        .setTopic(topic)
                                        .addPartitions(0)
                                        .setOffset(9)));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_GROUP_ID",
                "no group can be called 'a/b'",
                () -> read(SubscribeRequest.newBuilder().setTopic(topic).setGroup("a/b")));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "partition 1 is named twice",
                () ->
                        read(
                                SubscribeRequest.newBuilder()
                                        .setTopic(topic)
                                        .addPartitions(1)
                                        .addPartitions(1)));
    }

    @Test
    void positions() {
        String topic = topic(2, Map.of());
        produce(topic, 1, List.of(record("a").toBuilder().setTimestampMs(50).build()));
        produce(topic, 1, List.of(record("b").toBuilder().setTimestampMs(70).build()));
        assertEquals(
                List.of(0L, 2L),
                list(ListOffsetsRequest.newBuilder().setTopic(topic)).stream()
                        .map(PartitionOffset::getOffset)
                        .toList());
        assertEquals(
                List.of(0L, 0L),
                list(
                                ListOffsetsRequest.newBuilder()
                                        .setTopic(topic)
                                        .setPosition(OffsetPosition.OFFSET_POSITION_EARLIEST))
                        .stream()
                        .map(PartitionOffset::getOffset)
                        .toList());
        List<PartitionOffset> byTime =
                list(ListOffsetsRequest.newBuilder().setTopic(topic).setTimestampMs(51));
        assertFalse(byTime.get(0).hasOffset());
        assertEquals(1, byTime.get(1).getOffset());
        assertEquals(70, byTime.get(1).getTimestampMs());
    }

    @Test
    void commits_that_cannot_be() throws Exception {
        String topic = topic(1, Map.of());
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "OFFSET_METADATA_TOO_LARGE",
                "4096",
                () -> commit("g", topic, 0, "x".repeat(5_000)));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_REQUEST",
                "offset -1 is negative",
                () -> commit("g", topic, -1, ""));
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "INVALID_GROUP_ID",
                "group is empty",
                () -> commit("", topic, 0, ""));
        assertEquals(List.of(), readValues(channel, topic));
    }

    private void commit(String group, String topic, long offset, String metadata) {
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

    private List<PartitionOffset> list(ListOffsetsRequest.Builder request) {
        return consumer(channel).listOffsets(request.build()).getOffsetsList();
    }

    private FetchResponse fetch(String topic, long offset) {
        return consumer(channel)
                .fetch(FetchRequest.newBuilder().setTopic(topic).setOffset(offset).build());
    }

    private void produce(String topic, int partition, List<Record> records) {
        producer(channel)
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(topic)
                                .setPartition(partition)
                                .addAllRecords(records)
                                .build());
    }

    /** All that is there, as text. */
    private List<String> read(SubscribeRequest.Builder request) {
        return values(subscribeBlocking(request.setStopAtEnd(true)));
    }

    private List<SubscribeResponse> subscribeBlocking(SubscribeRequest.Builder request) {
        List<SubscribeResponse> responses = new ArrayList<>();
        consumer(channel).subscribe(request.build()).forEachRemaining(responses::add);
        return responses;
    }

    private AssertSubscriber<SubscribeResponse> subscribe(SubscribeRequest.Builder request) {
        return consumers
                .subscribe(request.build())
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    private static void awaitValues(
            AssertSubscriber<SubscribeResponse> subscriber, List<String> sorted) {
        await(() -> sorted.equals(values(subscriber.getItems()).stream().sorted().toList()));
    }

    private static List<String> values(List<SubscribeResponse> responses) {
        return responses.stream()
                .flatMap(response -> response.getRecordsList().stream())
                .map(record -> record.getValue().toStringUtf8())
                .toList();
    }

    private static List<Long> offsets(List<ConsumerRecord> records) {
        return records.stream().map(ConsumerRecord::getOffset).toList();
    }
}
