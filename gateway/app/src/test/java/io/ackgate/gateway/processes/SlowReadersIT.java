package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.ackgate.gateway.Calls;
import io.ackgate.gateway.CompressedBatch;
import io.ackgate.record.Compression;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.ManagedChannel;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers that ask for much at a gateway with a heap of 512 MiB; see also {@link StalledReadersIT}.
 */
@Timeout(300)
class SlowReadersIT {
    private static final String TOPIC = "read";
    private static final int PARTITIONS = 4;
    private static final int LONG_POLLS = 10_000;

    @TempDir Path data;

    private final List<AckgateProcess> lives = new ArrayList<>();

    @RegisterExtension final FailedWithLogs logs = new FailedWithLogs(() -> lives);

    private AckgateProcess process;
    private GatewayAccess gateway;

    @BeforeEach
    void start() throws Exception {
        process = AckgateProcess.gateway(data, 0);
        lives.add(process);
        gateway = new GatewayAccess(process.port());
        gateway.createTopic(TOPIC, PARTITIONS, "page-cache");
    }

    @AfterEach
    void end() {
        gateway.close();
        process.close();
    }

    private void write(int partition, ByteString value) {
        Calls.producer(gateway.channel())
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(TOPIC)
                                .setPartition(partition)
                                .addRecords(ProducerRecord.newBuilder().setValue(value))
                                .build());
    }

    private static ListenableFuture<FetchResponse> fetch(
            ManagedChannel channel, int partition, long offset, int maxBytes, int waitMillis) {
        return ConsumerServiceGrpc.newFutureStub(channel)
                .fetch(
                        FetchRequest.newBuilder()
                                .setTopic(TOPIC)
                                .setPartition(partition)
                                .setOffset(offset)
                                .setMaxBytes(maxBytes)
                                .setMaxWaitMs(waitMillis)
                                .build());
    }

    private void assertHealthy() {
        assertTrue(process.runs());
        assertFalse(process.log().contains("OutOfMemoryError"), "it ran out of memory");
    }

    @Test
    void batches_that_become_a_thousand_times_larger_are_read_in_pieces() throws Exception {
        ByteString bomb = CompressedBatch.ofZeros(Compression.GZIP, 60, 1 << 20);
        for (int i = 0; i < 16; i++) {
            Calls.producer(gateway.channel())
                    .produce(
                            ProduceRequest.newBuilder()
                                    .setTopic(TOPIC)
                                    .setPartition(0)
                                    .setRecordBatch(bomb)
                                    .build());
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> page =
                    http.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    "http://127.0.0.1:%d/admin/v1/topics/%s/records?limit=1"
                                                            .formatted(process.port(), TOPIC)))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(200, page.statusCode(), page::body);
        }
        // With the limits that a client has by default.
        FetchResponse fetched =
                fetch(gateway.channel(), 0, 0, 1 << 20, 500).get(60, TimeUnit.SECONDS);
        assertEquals(1, fetched.getNextOffset());
        Iterator<SubscribeResponse> answers =
                Calls.consumer(gateway.channel())
                        .subscribe(
                                SubscribeRequest.newBuilder()
                                        .setTopic(TOPIC)
                                        .addPartitions(0)
                                        .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST)
                                        .setMaxBytes(3 << 20)
                                        .build());
        long next = 0;
        while (next < 130) {
            SubscribeResponse answer = answers.next();
            assertEquals(next, answer.getRecords(0).getOffset());
            next = answer.getNextOffset();
        }
        assertHealthy();
    }

    @Test
    void ten_thousand_long_polls_keep_nobody_from_reading_and_leave_their_places()
            throws Exception {
        write(0, ByteString.copyFromUtf8("a"));
        List<ListenableFuture<FetchResponse>> polls = new ArrayList<>();
        ManagedChannel channel = gateway.connect();
        for (int i = 0; i < LONG_POLLS; i++) {
            if (i % 500 == 499) {
                channel = gateway.connect();
            }
            polls.add(fetch(channel, 0, 1, 1 << 20, 300_000));
        }
        Calls.await(() -> waitingReads() == LONG_POLLS);
        assertEquals(
                1,
                fetch(gateway.channel(), 0, 0, 1, 0).get(30, TimeUnit.SECONDS).getRecordsCount());
        polls.forEach(poll -> poll.cancel(true));
        Calls.await(() -> waitingReads() == 0);
        write(0, ByteString.copyFromUtf8("b"));
        assertEquals(2, gateway.read(new Place(TOPIC, 0)).size());
        assertHealthy();
    }

    private double waitingReads() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String metrics =
                    http.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            "http://127.0.0.1:%d/q/metrics"
                                                                    .formatted(process.port())))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
            return metrics.lines()
                    .filter(line -> line.startsWith("ackgate_waiting_reads"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                    .findFirst()
                    .orElse(-1);
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError("the metrics cannot be read", e);
        }
    }
}
