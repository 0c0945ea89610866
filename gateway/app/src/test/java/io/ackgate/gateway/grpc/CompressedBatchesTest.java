package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readAll;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.CompressedBatch;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerSequence;
import io.ackgate.v1.Receipt;
import io.ackgate.v1.TrackProduceRequest;
import io.ackgate.v1.TrackProduceResponse;
import io.ackgate.v1.WriteStatus;
import io.grpc.Channel;
import io.grpc.Status;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Batches that clients compress: all kinds are read, and none that lies is written. */
@QuarkusTest
class CompressedBatchesTest {
    @GrpcClient("gateway")
    Channel channel;

    /**
     * A batch that is not what it says.
     *
     * @param words what was found
     */
    private record Liar(String code, String words, ByteString batch) {}

    private static List<Liar> liars(Compression compression) {
        Consumer<ByteBuffer> five =
                b ->
                        b.putInt(RecordBatch.RECORDS_COUNT, 5)
                                .putInt(RecordBatch.LAST_OFFSET_DELTA, 4);
        Consumer<ByteBuffer> twoBillion =
                b ->
                        b.putInt(RecordBatch.RECORDS_COUNT, Integer.MAX_VALUE)
                                .putInt(RecordBatch.LAST_OFFSET_DELTA, Integer.MAX_VALUE - 1);
        Consumer<ByteBuffer> late = b -> b.putLong(RecordBatch.MAX_TIMESTAMP, 1_000_000);
        Consumer<ByteBuffer> offset = b -> b.put(RecordBatch.RECORDS + 3, (byte) 14);
        ByteBuffer plain = CompressedBatch.of(Compression.NONE, "a").asReadOnlyByteBuffer();
        byte[] garbage = "zz, which is nothing compressed".getBytes(StandardCharsets.UTF_8);
        return List.of(
                liar("INVALID_RECORD", "by their header 5 records", compression, five),
                liar("INVALID_RECORD", "within record 1", compression, twoBillion),
                liar("INVALID_RECORD", "has offset delta 7", compression, offset),
                liar("INVALID_TIMESTAMP", "the greatest is 1000", compression, late),
                new Liar(
                        "CORRUPT_MESSAGE",
                        "do not decompress",
                        CompressedBatch.withRecords(compression, plain, garbage)),
                new Liar(
                        "MESSAGE_TOO_LARGE",
                        "of at most 16777216",
                        CompressedBatch.ofZeros(compression, 1, 17 << 20)));
    }

    private static Liar liar(
            String code, String words, Compression compression, Consumer<ByteBuffer> change) {
        return new Liar(code, words, CompressedBatch.changed(compression, change, "a"));
    }

    private static ProduceRequest.Builder request(String topic, ByteString batch) {
        return ProduceRequest.newBuilder().setTopic(topic).setPartition(0).setRecordBatch(batch);
    }

    private static ProduceRequest.Builder plain(String topic, String value) {
        return ProduceRequest.newBuilder()
                .setTopic(topic)
                .setPartition(0)
                .addRecords(record(value));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void all_are_read_as_records(Compression compression) {
        String topic = topic(1, Map.of());
        ByteString batch = CompressedBatch.of(compression, "a", "b", "c");
        Receipt receipt = producer(channel).produce(request(topic, batch).build()).getReceipts(0);
        assertEquals(3, receipt.getRecordCount());
        assertEquals(List.of("a", "b", "c"), readValues(channel, topic));
        given().get("/admin/v1/topics/" + topic + "/records?offset=1")
                .then()
                .statusCode(200)
                .body("records", hasSize(2));
    }

    @ParameterizedTest
    @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void none_that_lies_is_written(Compression compression) throws Exception {
        String topic = topic(1, Map.of("max.message.bytes", 4 << 20));
        for (Liar liar : liars(compression)) {
            var info =
                    assertFails(
                            Status.Code.INVALID_ARGUMENT,
                            liar.code,
                            "the batch for partition 0: ",
                            () -> producer(channel).produce(request(topic, liar.batch).build()));
            assertEquals("NOT_WRITTEN", info.getMetadataOrThrow("write_status"));
            assertFails(
                    Status.Code.INVALID_ARGUMENT,
                    liar.code,
                    liar.words,
                    () -> producer(channel).produce(request(topic, liar.batch).build()));
            Iterator<TrackProduceResponse> told =
                    producer(channel)
                            .trackProduce(
                                    TrackProduceRequest.newBuilder()
                                            .setProduce(request(topic, liar.batch))
                                            .build());
            assertEquals(liar.code, told.next().getError().getCode());
            assertFalse(told.hasNext());
        }
        producer(channel).produce(plain(topic, "first").build());
        List<ConsumerRecord> records = readAll(channel, topic);
        assertEquals(List.of(0L), records.stream().map(ConsumerRecord::getOffset).toList());
    }

    @Test
    void a_stream_goes_on_behind_one_that_lies() throws Exception {
        String topic = topic(1, Map.of("max.message.bytes", 4 << 20));
        ProduceStreamCall stream = new ProduceStreamCall(channel);
        List<Liar> liars = liars(Compression.ZSTD);
        for (Liar liar : liars) {
            stream.send(1, request(topic, liar.batch));
            stream.send(2, plain(topic, "v"));
        }
        for (Liar liar : liars) {
            ProduceStreamResponse refused = stream.answer();
            assertEquals(liar.code, refused.getError().getCode());
            assertEquals(WriteStatus.WRITE_STATUS_NOT_WRITTEN, refused.getError().getWriteStatus());
            assertFalse(stream.answer().hasError());
        }
        stream.endRequests();
        stream.awaitEnd();
        assertEquals(liars.size(), readValues(channel, topic).size());
    }

    /** Large and small, compressed and plain: a sequence that comes too early would be refused. */
    @Test
    void a_stream_keeps_its_order_whatever_has_to_be_opened() throws Exception {
        String topic = topic(1, Map.of());
        InitProducerResponse session =
                producer(channel).initProducer(InitProducerRequest.getDefaultInstance());
        ProduceStreamCall stream = new ProduceStreamCall(channel);
        Compression[] kinds = Compression.values();
        int count = 200;
        for (int i = 0; i < count; i++) {
            RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 20);
            builder.producer(session.getProducerId(), (short) session.getProducerEpoch(), i);
            builder.append(1, null, new byte[i % 7 == 0 ? 500_000 : 10]);
            stream.send(
                    i,
                    i % 3 == 0
                            ? plain(topic, "v")
                                    .setProducer(
                                            ProducerSequence.newBuilder()
                                                    .setProducerId(session.getProducerId())
                                                    .setProducerEpoch(session.getProducerEpoch())
                                                    .setBaseSequence(i))
                            : request(
                                    topic,
                                    CompressedBatch.compressed(
                                            kinds[i % kinds.length], builder.build())));
        }
        stream.endRequests();
        List<Long> answered = new ArrayList<>();
        for (ProduceStreamResponse answer : stream.answers(count)) {
            assertFalse(answer.hasError(), answer::toString);
            assertEquals(answer.getCorrelationId(), answer.getReceipts(0).getBaseOffset());
            answered.add(answer.getCorrelationId());
        }
        stream.awaitEnd();
        assertEquals(answered.stream().sorted().toList(), answered);
    }

    @Test
    void more_than_may_be_decompressed_is_refused_however_small_it_is() throws Exception {
        String topic = topic(1, Map.of());
        ByteString bomb = CompressedBatch.ofZeros(Compression.GZIP, 80, 1 << 20);
        assertTrue(bomb.size() < 100_000);
        assertFails(
                Status.Code.INVALID_ARGUMENT,
                "MESSAGE_TOO_LARGE",
                "decompress to more than 67108864 bytes",
                () -> producer(channel).produce(request(topic, bomb).build()));
    }
}
