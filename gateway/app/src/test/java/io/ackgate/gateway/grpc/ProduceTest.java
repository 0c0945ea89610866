package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.v1.Acks;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerSequence;
import io.ackgate.v1.Receipt;
import io.ackgate.v1.TrackProduceRequest;
import io.ackgate.v1.TrackProduceResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One batch at a time. */
@QuarkusTest
class ProduceTest {
    @GrpcClient("gateway")
    Channel channel;

    @Test
    void acks_all_says_where_the_batch_is_and_who_holds_it() {
        String topic = topic(3, Map.of());
        Receipt receipt =
                produce(request(topic, 1).addRecords(record("a")).addRecords(record("b")));

        assertEquals(topic, receipt.getTopic());
        assertEquals(1, receipt.getPartition());
        assertTrue(receipt.hasBaseOffset());
        assertEquals(0, receipt.getBaseOffset());
        assertEquals(2, receipt.getRecordCount());
        assertTrue(receipt.getLeaderEpoch() >= 1);
        assertTrue(receipt.getAppendTimeMs() > 0);
        assertTrue(receipt.getReplicasCount() >= 2, receipt::toString);
        assertTrue(receipt.getIsrSize() >= receipt.getReplicasCount(), receipt::toString);
        assertFalse(receipt.getDuplicate());
        assertEquals(
                2,
                produce(request(topic, 1).addRecords(record("c"))).getBaseOffset(),
                "the next batch follows without a gap");
        assertEquals(List.of("a", "b", "c"), readValues(channel, topic));
    }

    @Test
    void acks_leader_tells_the_offset_and_acks_none_does_not() {
        String topic = topic(1, Map.of());
        Receipt leader =
                produce(request(topic, 0).setAcks(Acks.ACKS_LEADER).addRecords(record("a")));
        assertTrue(leader.hasBaseOffset());
        assertTrue(leader.getReplicasCount() >= 1);

        Receipt none = produce(request(topic, 0).setAcks(Acks.ACKS_NONE).addRecords(record("b")));
        assertFalse(none.hasBaseOffset());
        assertEquals(0, none.getReplicasCount());
        assertEquals(0, none.getIsrSize());

        produce(request(topic, 0).addRecords(record("c")));
        assertEquals(List.of("a", "b", "c"), readValues(channel, topic));
    }

    @Test
    void keys_that_name_several_partitions_get_a_receipt_each() {
        String topic = topic(6, Map.of());
        ProduceRequest.Builder request = ProduceRequest.newBuilder().setTopic(topic);
        for (int i = 0; i < 30; i++) {
            request.addRecords(record("key-" + i % 10, "value-" + i));
        }

        List<Receipt> receipts = producer(channel).produce(request.build()).getReceiptsList();

        assertTrue(receipts.size() > 1);
        assertEquals(
                IntStream.range(0, 30).boxed().toList(),
                receipts.stream()
                        .flatMap(r -> r.getRecordIndexesList().stream())
                        .sorted()
                        .toList());
        assertEquals(30, receipts.stream().mapToInt(Receipt::getRecordCount).sum());
        assertEquals(
                IntStream.range(0, 30).mapToObj(i -> "value-" + i).collect(Collectors.toSet()),
                Set.copyOf(readValues(channel, topic)));
    }

    @Test
    void a_batch_that_the_client_built_is_stored_as_it_is() {
        String topic = topic(2, Map.of());
        RecordBatchBuilder batch = new RecordBatchBuilder(0, 1 << 20);
        for (String value : List.of("x", "y", "z")) {
            batch.append(1, null, value.getBytes(StandardCharsets.UTF_8));
        }
        Receipt receipt =
                produce(request(topic, 1).setRecordBatch(ByteString.copyFrom(batch.build())));
        assertEquals(3, receipt.getRecordCount());
        assertEquals(List.of("x", "y", "z"), readValues(channel, topic));
    }

    /** The frame around a batch counts for storage nodes, and not for the topic's setting. */
    @Test
    void the_largest_batch_that_a_topic_may_allow_is_taken() {
        int largest = (16 << 20) - BatchFrame.FRAME_HEADER_BYTES;
        String topic = topic(1, Map.of("max.message.bytes", largest));
        RecordBatchBuilder batch = new RecordBatchBuilder(0, largest);
        int overhead = RecordBatch.HEADER_BYTES + 13;
        batch.append(1, null, new byte[largest - overhead]);
        assertEquals(largest, batch.sizeInBytes());
        Receipt receipt =
                produce(request(topic, 0).setRecordBatch(ByteString.copyFrom(batch.build())));
        assertTrue(receipt.getReplicasCount() >= 2, receipt::toString);
    }

    @Test
    void a_retry_gets_the_answer_of_the_original_and_is_not_written_again() {
        String topic = topic(1, Map.of());
        InitProducerResponse session = newProducer();
        Receipt first = produce(sequenced(topic, session, 0).addRecords(record("a")));
        Receipt second = produce(sequenced(topic, session, 1).addRecords(record("b")));
        Receipt again = produce(sequenced(topic, session, 0).addRecords(record("a")));

        assertFalse(first.getDuplicate());
        assertFalse(second.getDuplicate());
        assertTrue(again.getDuplicate());
        assertEquals(first.getBaseOffset(), again.getBaseOffset());
        assertEquals(List.of("a", "b"), readValues(channel, topic));
    }

    @Test
    void producer_ids_are_never_given_twice() {
        Set<Long> ids =
                IntStream.range(0, 50)
                        .mapToObj(i -> newProducer().getProducerId())
                        .collect(Collectors.toSet());
        assertEquals(50, ids.size());
    }

    @Test
    void a_sequence_gap_is_refused_and_what_is_missing_can_still_be_sent() throws Exception {
        String topic = topic(1, Map.of());
        InitProducerResponse session = newProducer();
        produce(sequenced(topic, session, 0).addRecords(record("a")));
        ErrorInfo info =
                assertFails(
                        Status.Code.FAILED_PRECONDITION,
                        "OUT_OF_ORDER_SEQUENCE_NUMBER",
                        "",
                        () -> produce(sequenced(topic, session, 2).addRecords(record("c"))));
        assertEquals("NOT_WRITTEN", info.getMetadataOrThrow("write_status"));
        assertEquals("false", info.getMetadataOrThrow("retriable"));

        produce(sequenced(topic, session, 1).addRecords(record("b")));
        produce(sequenced(topic, session, 2).addRecords(record("c")));
        assertEquals(List.of("a", "b", "c"), readValues(channel, topic));
    }

    @Test
    void a_newer_epoch_of_a_producer_fences_the_older() throws Exception {
        String topic = topic(1, Map.of());
        InitProducerResponse session = newProducer();
        InitProducerResponse newer =
                session.toBuilder().setProducerEpoch(session.getProducerEpoch() + 1).build();
        produce(sequenced(topic, session, 0).addRecords(record("old")));
        produce(sequenced(topic, newer, 0).addRecords(record("new")));
        ErrorInfo info =
                assertFails(
                        Status.Code.FAILED_PRECONDITION,
                        "INVALID_PRODUCER_EPOCH",
                        "",
                        () -> produce(sequenced(topic, session, 1).addRecords(record("stale"))));
        assertEquals("NOT_WRITTEN", info.getMetadataOrThrow("write_status"));
        assertEquals(List.of("old", "new"), readValues(channel, topic));
    }

    @Test
    void a_tracked_batch_tells_each_step_and_ends_at_the_level_asked_for() {
        String topic = topic(1, Map.of());
        List<TrackProduceResponse> steps = new ArrayList<>();
        producer(channel)
                .trackProduce(
                        TrackProduceRequest.newBuilder()
                                .setProduce(request(topic, 0).addRecords(record("a")))
                                .build())
                .forEachRemaining(steps::add);

        assertEquals(TrackProduceResponse.StepCase.ACCEPTED, steps.getFirst().getStepCase());
        assertEquals(0, steps.getFirst().getAccepted().getBaseOffset());
        assertEquals(TrackProduceResponse.StepCase.RECEIPT, steps.getLast().getStepCase());
        Receipt receipt = steps.getLast().getReceipt();
        Set<Integer> persisted =
                steps.stream()
                        .filter(TrackProduceResponse::hasPersisted)
                        .map(step -> step.getPersisted().getNodeId())
                        .collect(Collectors.toSet());
        assertTrue(persisted.containsAll(receipt.getReplicasList()), steps::toString);
        assertEquals(
                1,
                steps.stream()
                        .filter(step -> step.hasPersisted() && step.getPersisted().getLeader())
                        .count());
        assertEquals(
                steps.stream().map(TrackProduceResponse::getElapsedUs).toList(),
                steps.stream()
                        .map(TrackProduceResponse::getElapsedUs)
                        .sorted(Comparator.naturalOrder())
                        .toList());
    }

    @Test
    void a_tracked_batch_that_is_refused_says_so_as_its_only_step() {
        List<TrackProduceResponse> steps = new ArrayList<>();
        producer(channel)
                .trackProduce(
                        TrackProduceRequest.newBuilder()
                                .setProduce(request("nowhere", 0).addRecords(record("a")))
                                .build())
                .forEachRemaining(steps::add);
        assertEquals(1, steps.size());
        assertEquals("UNKNOWN_TOPIC_OR_PARTITION", steps.getFirst().getError().getCode());
    }

    private InitProducerResponse newProducer() {
        return producer(channel).initProducer(InitProducerRequest.getDefaultInstance());
    }

    private Receipt produce(ProduceRequest.Builder request) {
        return producer(channel).produce(request.build()).getReceipts(0);
    }

    private static ProduceRequest.Builder request(String topic, int partition) {
        return ProduceRequest.newBuilder().setTopic(topic).setPartition(partition);
    }

    private static ProduceRequest.Builder sequenced(
            String topic, InitProducerResponse session, int sequence) {
        return request(topic, 0)
                .setProducer(
                        ProducerSequence.newBuilder()
                                .setProducerId(session.getProducerId())
                                .setProducerEpoch(session.getProducerEpoch())
                                .setBaseSequence(sequence));
    }
}
