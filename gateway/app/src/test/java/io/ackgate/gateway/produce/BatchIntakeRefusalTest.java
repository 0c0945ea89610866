package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.grpc.ProduceMessages;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.v1.Header;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.ProducerSequence;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is refused, and what the caller is told. */
class BatchIntakeRefusalTest extends IntakeFixture {
    @Test
    void unknown_topic() {
        assertRefused(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "topic",
                "there is no topic 'nope'",
                one().setTopic("nope"));
    }

    @Test
    void names_that_no_topic_can_have() {
        assertRefused(ErrorCode.INVALID_REQUEST, "topic", "empty", one().setTopic(""));
        assertRefused(ErrorCode.INVALID_TOPIC_EXCEPTION, "topic", "'a/b'", one().setTopic("a/b"));
        assertRefused(
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                "topic",
                "250 characters",
                one().setTopic("x".repeat(250)));
    }

    @Test
    void partition_out_of_range() {
        assertRefused(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "partition",
                "no partition 6, it has 6: 0 to 5",
                one().setPartition(6));
        assertRefused(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "partition",
                "no partition -1",
                one().setPartition(-1));
    }

    @Test
    void empty_batch() {
        assertRefused(ErrorCode.INVALID_REQUEST, "records", "empty", request());
    }

    @Test
    void records_and_a_batch_together() {
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "record_batch",
                "both",
                one().setPartition(0).setRecordBatch(ByteString.copyFrom(batchOf("a"))));
    }

    @Test
    void malformed_record_bytes() {
        byte[] flipped = batchOf("a");
        flipped[flipped.length - 1] ^= 1;
        assertRefused(
                ErrorCode.CORRUPT_MESSAGE,
                "record_batch",
                "crc",
                request().setPartition(0).setRecordBatch(ByteString.copyFrom(flipped)));
        assertRefused(
                ErrorCode.CORRUPT_MESSAGE,
                "record_batch",
                "no batch",
                request().setPartition(0).setRecordBatch(utf8("not a batch")));
        assertRefused(
                ErrorCode.CORRUPT_MESSAGE,
                "record_batch",
                "no batch",
                request().setPartition(0).setRecordBatch(ByteString.EMPTY));
    }

    @Test
    void over_max_message_bytes() {
        topics.add("small", 1, Map.of("max.message.bytes", "1024"));
        ProducerRecord large =
                ProducerRecord.newBuilder().setValue(ByteString.copyFrom(new byte[1024])).build();
        assertRefused(
                ErrorCode.MESSAGE_TOO_LARGE,
                "records[1]",
                "max.message.bytes, 1024",
                ProduceRequest.newBuilder()
                        .setTopic("small")
                        .addRecords(record("a", "b"))
                        .addRecords(large));
        byte[] batch = batchOf("x".repeat(1024));
        assertRefused(
                ErrorCode.MESSAGE_TOO_LARGE,
                "record_batch",
                "at most 1024",
                ProduceRequest.newBuilder()
                        .setTopic("small")
                        .setPartition(0)
                        .setRecordBatch(ByteString.copyFrom(batch)));
    }

    @Test
    void negative_timeout() {
        assertRefused(ErrorCode.INVALID_REQUEST, "timeout_ms", "is -1", one().setTimeoutMs(-1));
    }

    @Test
    void negative_timestamp() {
        assertRefused(
                ErrorCode.INVALID_TIMESTAMP,
                "records[0].timestamp_ms",
                "-5",
                request().addRecords(ProducerRecord.newBuilder().setTimestampMs(-5)));
    }

    @Test
    void a_record_with_too_many_headers() {
        ProducerRecord.Builder record = ProducerRecord.newBuilder();
        for (int i = 0; i <= RecordBatchReader.MAX_HEADERS; i++) {
            record.addHeaders(Header.newBuilder().setKey("h"));
        }
        assertRefused(
                ErrorCode.INVALID_RECORD,
                "records[1].headers",
                "record 1 has 10001 headers, a record may have 10000",
                request().addRecords(ProducerRecord.getDefaultInstance()).addRecords(record));
    }

    @Test
    void unknown_acks() {
        assertRefused(ErrorCode.INVALID_REQUIRED_ACKS, "acks", "acks 9", one().setAcksValue(9));
    }

    @Test
    void idempotence_with_less_than_all() {
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "acks",
                "acks=1 (given in the request)",
                idempotent().setAcks(io.ackgate.v1.Acks.ACKS_LEADER));
        topics.add("lax", 1, Map.of("ackgate.default.acks", "0"));
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "acks",
                "acks=0 (the default of topic lax)",
                idempotent().setTopic("lax").setPartition(0));
        RecordBatchBuilder builder = new RecordBatchBuilder(0, 1 << 20);
        builder.producer(1, (short) 0, 0);
        builder.append(0, null, new byte[1]);
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "acks",
                "acks=all",
                request()
                        .setPartition(0)
                        .setAcks(io.ackgate.v1.Acks.ACKS_NONE)
                        .setRecordBatch(ByteString.copyFrom(builder.build())));
    }

    @Test
    void a_producer_needs_a_partition() {
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "partition",
                "together with producer",
                idempotent().clearPartition());
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "partition",
                "together with record_batch",
                request().setRecordBatch(ByteString.copyFrom(batchOf("a"))));
    }

    @Test
    void producers_that_cannot_be() {
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "producer.producer_id",
                "-1",
                idempotent().setProducer(ProducerSequence.newBuilder().setProducerId(-1)));
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "producer.producer_epoch",
                "32768",
                idempotent().setProducer(ProducerSequence.newBuilder().setProducerEpoch(32768)));
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "producer.base_sequence",
                "-7",
                idempotent().setProducer(ProducerSequence.newBuilder().setBaseSequence(-7)));
        assertRefused(
                ErrorCode.INVALID_REQUEST,
                "producer",
                "carries its own",
                idempotent().clearRecords().setRecordBatch(ByteString.copyFrom(batchOf("a"))));
    }

    @Test
    void the_topics_floor_holds_for_its_default_too() {
        topics.add("payments", 1, Map.of("ackgate.min.acks", "all", "ackgate.default.acks", "1"));
        assertRefused(
                ErrorCode.POLICY_VIOLATION,
                "acks",
                "acks=0 (given in the request) is under the floor of topic payments",
                one().setTopic("payments").setAcks(io.ackgate.v1.Acks.ACKS_NONE));
        assertRefused(
                ErrorCode.POLICY_VIOLATION,
                "acks",
                "acks=1 (the default of topic payments)",
                one().setTopic("payments"));
        taken(one().setTopic("payments").setAcks(io.ackgate.v1.Acks.ACKS_ALL).build());
    }

    @Test
    void what_is_refused_keeps_its_place_when_its_partition_is_known() {
        IntakeVerdict verdict =
                intake.take(
                        ProduceMessages.command(one().setPartition(3).setTimeoutMs(-1).build()),
                        NOW);
        assertEquals(
                List.of(events.partition(3)),
                assertInstanceOf(IntakeVerdict.Refused.class, verdict).partitions());
    }
}
