package io.ackgate.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.Compression;
import io.ackgate.record.Crc32c;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.log.TimestampSearch.Found;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records below the log start are no answer, though their segment still has them. */
class TimestampSearchTest {
    private static final PartitionId P = new PartitionId(new TopicId(1, 2), 0);

    private PartitionLog log;

    /** Of which the first record is the youngest. */
    @BeforeEach
    void three_batches() throws Exception {
        SimDisk disk = new SimDisk();
        disk.createDirectories("log");
        log = LogBeginning.FIRST.open(new LogFolder(disk, "log", P, 256, new LoadedIndexes()));
        append(0, 900);
        append(1, 500);
        append(2, 600);
    }

    private void append(long offset, long timestamp) throws IOException {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 9, 1 << 12);
        builder.append(timestamp, null, new byte[100]);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, 1, 2, 0, offset, 1, 1);
        log.append(frame, 1 << 20, 1L << 40, 1);
    }

    private Found search(long logStart, long timestamp) throws IOException {
        Segment segment = log.segments().getFirst();
        List<TimestampSearch.Part> parts =
                List.of(new TimestampSearch.Part(segment, segment.bytes()));
        return new TimestampSearch(P, parts, logStart, timestamp).run();
    }

    @Test
    void the_first_that_is_as_young_is_found() throws Exception {
        assertEquals(new Found(0, 900), search(0, 900));
        assertEquals(new Found(0, 900), search(0, 600));
    }

    /** 16 MiB of zeros, with gzip some 16 KB. */
    @Test
    void a_record_of_a_compressed_batch_is_found() throws Exception {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 9, 1 << 25);
        for (int i = 0; i < 256; i++) {
            builder.append(1_000 + i, null, new byte[1 << 16]);
        }
        ByteBuffer frame = compressed(builder.buildWithHeadRoom());
        BatchFrame.stampInPlace(frame, 1, 2, 0, 3, 1, 1);
        log.append(frame, 1 << 20, 1L << 40, 1);
        Segment segment = log.segments().getLast();
        Found found =
                new TimestampSearch(
                                P,
                                List.of(new TimestampSearch.Part(segment, segment.bytes())),
                                0,
                                1_255)
                        .run();
        assertEquals(new Found(258, 1_255), found);
    }

    private static ByteBuffer compressed(ByteBuffer frame) throws IOException {
        int batch = BatchFrame.batchPosition(0);
        byte[] records = new byte[frame.limit() - batch - RecordBatch.RECORDS];
        frame.get(batch + RecordBatch.RECORDS, records);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(records);
        }
        ByteBuffer made = ByteBuffer.allocate(batch + RecordBatch.RECORDS + packed.size());
        made.put(frame.slice(0, batch + RecordBatch.RECORDS)).put(packed.toByteArray()).flip();
        int size = made.limit() - batch;
        made.putInt(batch + RecordBatch.BATCH_LENGTH, size - RecordBatch.LOG_OVERHEAD_BYTES);
        made.putShort(batch + RecordBatch.ATTRIBUTES, (short) Compression.GZIP.id());
        made.putInt(
                batch + RecordBatch.CRC,
                Crc32c.of(made, batch + RecordBatch.ATTRIBUTES, size - RecordBatch.ATTRIBUTES));
        return made;
    }

    @Test
    void one_that_ends_at_the_log_start_is_passed_over() throws Exception {
        assertEquals(new Found(2, 600), search(1, 600));
        assertEquals(new Found(1, 500), search(1, 500));
    }

    @Test
    void where_only_those_below_the_log_start_are_as_young_there_is_none() throws Exception {
        assertEquals(Found.NONE, search(1, 900));
        assertEquals(Found.NONE, search(0, 901));
    }
}
