package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.assertFails;
import static io.ackgate.gateway.Calls.consumer;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.google.protobuf.ByteString;
import com.google.rpc.ErrorInfo;
import io.ackgate.gateway.CompressedBatch;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.RecordFormat;
import io.ackgate.v1.SkippedBatch;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.Status;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A batch that was stored before batches were opened at the door, and is not what it says: readers
 * are told where it is and how to get past it.
 */
@QuarkusTest
class UnreadableBatchTest extends ReadingFixture {
    @Inject GatewayRuntime runtime;
    @Inject Topics topics;

    private String topic = "";

    /** "a" at offset 0 of partition 1, then a batch that says it holds five records, then "b". */
    @BeforeEach
    void store() throws Exception {
        topic = topic(2, Map.of());
        produce(topic, 1, List.of(record("a")));
        ByteString liar =
                CompressedBatch.changed(
                        Compression.SNAPPY,
                        b ->
                                b.putInt(RecordBatch.RECORDS_COUNT, 5)
                                        .putInt(RecordBatch.LAST_OFFSET_DELTA, 4),
                        "x");
        storeUnopened(liar);
        produce(topic, 1, List.of(record("b")));
        produce(topic, 0, List.of(record("other")));
    }

    private void storeUnopened(ByteString batch) throws Exception {
        Topic known = Objects.requireNonNull(topics.cached(topic));
        ByteBuffer frame = ByteBuffer.allocate(BatchFrame.FRAME_HEADER_BYTES + batch.size());
        batch.copyTo(frame.array(), BatchFrame.FRAME_HEADER_BYTES);
        CompletableFuture<ProduceOutcome> outcome = new CompletableFuture<>();
        runtime.produce(
                known.partition(1),
                frame,
                Acks.ALL,
                TimeUnit.SECONDS.toNanos(30),
                outcome::complete);
        assertInstanceOf(ProduceOutcome.Written.class, outcome.get(30, TimeUnit.SECONDS));
    }

    private FetchRequest.Builder from(long offset) {
        return FetchRequest.newBuilder().setTopic(topic).setPartition(1).setOffset(offset);
    }

    private static void assertSkipped(SkippedBatch skipped) {
        assertEquals(1, skipped.getOffset());
        assertEquals(6, skipped.getNextOffset());
        assertEquals("the records end within record 1", skipped.getReason());
    }

    @Test
    void a_fetch_names_it_and_goes_on_behind_it() throws Exception {
        assertEquals(1, consumer(channel).fetch(from(0).build()).getNextOffset());
        ErrorInfo info =
                assertFails(
                        Status.Code.FAILED_PRECONDITION,
                        "UNSUPPORTED_FOR_MESSAGE_FORMAT",
                        "offsets 1 to 5 of partition 1",
                        () -> consumer(channel).fetch(from(1).build()));
        assertEquals("1", info.getMetadataOrThrow("partition"));
        assertEquals("1", info.getMetadataOrThrow("offset"));
        assertEquals("6", info.getMetadataOrThrow("next_offset"));
        FetchResponse behind = consumer(channel).fetch(from(6).build());
        assertEquals(List.of(6L), offsets(behind.getRecordsList()));
        FetchResponse stored =
                consumer(channel)
                        .fetch(from(1).setFormat(RecordFormat.RECORD_FORMAT_BATCHES).build());
        assertEquals(2, stored.getRecordBatchesCount());
    }

    @Test
    void a_fetch_steps_over_it() {
        FetchResponse all = consumer(channel).fetch(from(0).setSkipUnreadable(true).build());
        assertEquals(List.of(0L, 6L), offsets(all.getRecordsList()));
        assertEquals(7, all.getNextOffset());
        assertSkipped(all.getSkippedBatches(0));
    }

    private SubscribeRequest.Builder everything() {
        return SubscribeRequest.newBuilder()
                .setTopic(topic)
                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST)
                .setStopAtEnd(true);
    }

    @Test
    void a_subscription_ends_at_it_and_says_where() throws Exception {
        ErrorInfo info =
                assertFails(
                        Status.Code.FAILED_PRECONDITION,
                        "UNSUPPORTED_FOR_MESSAGE_FORMAT",
                        "The next offset is 6",
                        () -> subscribeBlocking(everything()));
        assertEquals("1", info.getMetadataOrThrow("partition"));
    }

    @Test
    void a_subscription_steps_over_it_and_gives_everything_else() {
        List<SubscribeResponse> all = subscribeBlocking(everything().setSkipUnreadable(true));
        assertEquals(List.of("a", "b", "other"), values(all).stream().sorted().toList());
        List<SkippedBatch> skipped =
                all.stream().flatMap(one -> one.getSkippedBatchesList().stream()).toList();
        assertEquals(1, skipped.size());
        assertSkipped(skipped.getFirst());
    }

    @Test
    void a_page_names_it_and_steps_over_it() {
        String path = "/admin/v1/topics/" + topic + "/records?partition=1&offset=1";
        given().get(path).then().statusCode(422).body("detail", containsString("offset is 6"));
        given().get(path + "&skipUnreadable=true")
                .then()
                .statusCode(200)
                .body("records", hasSize(1))
                .body("skipped[0].nextOffset", equalTo(6))
                .body("nextOffset", equalTo(7));
        given().get(path + "&skipUnreadable=maybe").then().statusCode(400);
    }
}
