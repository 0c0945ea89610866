package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.Calls;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers that ask for far more than a gateway with a heap of 512 MiB has, and take nothing. Others
 * are served meanwhile; who is in their way is cut and who is not is kept; and whoever begins to
 * take gets everything, in order.
 */
@Timeout(300)
class StalledReadersIT {
    private static final System.Logger LOG = System.getLogger(StalledReadersIT.class.getName());
    private static final String TOPIC = "read";
    private static final String IDLE = "idle";
    private static final int PARTITIONS = 4;
    private static final int RECORDS = 160;
    private static final int RECORD_BYTES = 1_000_000;
    private static final int READERS = 60;
    private static final int READERS_PER_CONNECTION = 10;
    private static final int IDLE_READERS = 5;

    /** So many read all of the topic in the end, the others a part of it. */
    private static final int WHOLE_READERS = 2;

    private static final int PART = 3;

    /** Each may hold an eighth of what there is for reads. */
    private static final int FETCHES = 12;

    /** A quarter of the heap. */
    private static final long READ_MEMORY = 128L << 20;

    /** The heap, and what is outside of it: code, classes, threads and the buffers of sockets. */
    private static final int MOST_RESIDENT_MEBIBYTES = 1_000;

    @TempDir Path data;

    private final List<AckgateProcess> lives = new ArrayList<>();

    @RegisterExtension final FailedWithLogs logs = new FailedWithLogs(() -> lives);

    private AckgateProcess process;
    private GatewayAccess gateway;
    private GatewayMetrics metrics;
    private long mostReadMemory;

    @BeforeEach
    void start() throws Exception {
        process = AckgateProcess.gateway(data, 0);
        lives.add(process);
        gateway = new GatewayAccess(process.port());
        metrics = new GatewayMetrics(process.port());
        gateway.createTopic(TOPIC, PARTITIONS, "page-cache");
        gateway.createTopic(IDLE, 1, "page-cache");
    }

    @AfterEach
    void end() {
        metrics.close();
        gateway.close();
        process.close();
    }

    /** Each has its number within its partition as its key. */
    private void write(int number) {
        Calls.producer(gateway.channel())
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(TOPIC)
                                .setPartition(number % PARTITIONS)
                                .addRecords(
                                        ProducerRecord.newBuilder()
                                                .setKey(
                                                        ByteString.copyFromUtf8(
                                                                "" + number / PARTITIONS))
                                                .setValue(
                                                        ByteString.copyFrom(
                                                                new byte[RECORD_BYTES])))
                                .build());
    }

    private List<StalledReader> subscribe(String topic, int partitions, int readers) {
        List<StalledReader> stalled = new ArrayList<>();
        ManagedChannel channel = gateway.connect();
        for (int i = 0; i < readers; i++) {
            if (i % READERS_PER_CONNECTION == READERS_PER_CONNECTION - 1) {
                channel = gateway.connect();
            }
            stalled.add(new StalledReader(channel, topic, partitions));
        }
        return stalled;
    }

    /** Others write a record to each partition and read everything. */
    private void verifyOthersAreServed(int written) {
        for (int number = written; number < written + PARTITIONS; number++) {
            write(number);
        }
        int read = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            read += gateway.read(new Place(TOPIC, partition)).size();
            look();
        }
        assertEquals(written + PARTITIONS, read);
    }

    private void look() {
        long bytes = (long) metrics.sum("ackgate_read_memory_bytes");
        mostReadMemory = Math.max(mostReadMemory, bytes);
        assertTrue(bytes <= READ_MEMORY, () -> bytes + " bytes are held for readers");
    }

    @Test
    void others_are_served_and_who_takes_again_gets_everything_in_order() {
        for (int number = 0; number < RECORDS; number++) {
            write(number);
        }
        List<StalledReader> idle = subscribe(IDLE, 1, IDLE_READERS);
        List<StalledReader> readers = subscribe(TOPIC, PARTITIONS, READERS);
        Calls.await(() -> metrics.sum("ackgate_open_streams") >= IDLE_READERS + READERS);
        verifyOthersAreServed(RECORDS);
        readers.forEach(reader -> assertNull(reader.cut(), "nobody had to wait for it"));

        // All that there is for reads: somebody has to give way.
        List<StalledFetch> fetches = new ArrayList<>();
        ManagedChannel channel = gateway.connect();
        for (int i = 0; i < FETCHES; i++) {
            fetches.add(new StalledFetch(channel, new Place(TOPIC, i % PARTITIONS)));
        }
        Calls.await(() -> metrics.sum("ackgate_read_memory_waiting_reads") > 0);
        verifyOthersAreServed(RECORDS + PARTITIONS);

        idle.forEach(
                reader -> assertNull(reader.cut(), "who waits for records is in no one's way"));
        int written = RECORDS + 2 * PARTITIONS;
        for (int i = 0; i < READERS; i++) {
            readers.get(i).take(i < WHOLE_READERS ? written : PART);
        }
        fetches.forEach(StalledFetch::take);
        fetches.forEach(StalledReadersIT::verifyAnswered);
        awaitAllTaken(readers);
        verifyEnds(readers);
        readers.forEach(StalledReader::end);
        Calls.await(() -> metrics.sum("ackgate_read_memory_bytes") == 0);
        verifyHealthy(readers, fetches);
    }

    /** Goes on for as long as something comes. */
    private static void awaitAllTaken(List<StalledReader> readers) {
        while (!readers.stream().allMatch(StalledReader::hasTakenAll)) {
            int before = taken(readers);
            Calls.await(
                    () ->
                            taken(readers) > before
                                    || readers.stream().allMatch(StalledReader::hasTakenAll));
        }
    }

    private static int taken(List<StalledReader> readers) {
        return readers.stream().mapToInt(StalledReader::taken).sum();
    }

    private static void verifyAnswered(StalledFetch fetch) {
        if (fetch.end().isOk()) {
            FetchResponse answer = Objects.requireNonNull(fetch.answer());
            assertTrue(answer.getRecordsCount() > 0);
            for (int i = 0; i < answer.getRecordsCount(); i++) {
                assertEquals(i, answer.getRecords(i).getOffset());
            }
        } else {
            assertEquals(Status.Code.RESOURCE_EXHAUSTED, fetch.end().getCode());
        }
    }

    private static void verifyEnds(List<StalledReader> readers) {
        for (StalledReader reader : readers) {
            assertEquals(List.of(), reader.wrong());
            Status cut = reader.cut();
            if (cut != null) {
                assertEquals(Status.Code.RESOURCE_EXHAUSTED, cut.getCode(), cut::toString);
            }
        }
    }

    private void verifyHealthy(List<StalledReader> readers, List<StalledFetch> fetches) {
        long cut =
                Stream.concat(
                                readers.stream().map(StalledReader::cut),
                                fetches.stream().map(StalledFetch::end).filter(end -> !end.isOk()))
                        .filter(Objects::nonNull)
                        .count();
        int resident = process.mostResidentMebibytes();
        LOG.log(
                System.Logger.Level.INFO,
                "%d of %d were cut; at most %d MiB held for readers, %d MiB resident"
                        .formatted(cut, READERS + FETCHES, mostReadMemory >> 20, resident));
        assertTrue(cut > 0 && cut < READERS + FETCHES, () -> cut + " were cut");
        assertTrue(process.runs());
        assertFalse(process.log().contains("OutOfMemoryError"), "it ran out of memory");
        assertTrue(resident < MOST_RESIDENT_MEBIBYTES, () -> resident + " MiB resident");
    }
}
