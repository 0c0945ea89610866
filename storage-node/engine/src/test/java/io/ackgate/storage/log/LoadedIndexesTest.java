package io.ackgate.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers load the indexes of closed segments as they need them, and few stay in memory. */
class LoadedIndexesTest {
    private static final PartitionId P = new PartitionId(new TopicId(1, 2), 0);
    private static final int MAX = 4;
    private static final int BATCHES = 400;

    @TempDir Path directory;

    private final LoadedIndexes indexes = new LoadedIndexes(MAX);

    private static void append(PartitionLog log, long offset) throws IOException {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 9, 1 << 12);
        builder.append(offset * 10, null, new byte[100]);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, 1, 2, 0, offset, 1, 1);
        log.append(frame, 2_048, 1L << 40, 1);
    }

    private static void readAndSearch(PartitionLog log, long offset) throws IOException {
        ReadPlan plan = log.plan(offset, 1, log.logEnd());
        assertNotNull(plan);
        ReadPlan.Result result = plan.execute();
        assertEquals(ReadStatus.OK, result.status());
        assertEquals(offset, BatchFrame.baseOffset(result.frames(), 0));
        assertEquals(offset, log.search(offset * 10).run().offset());
    }

    @Test
    void however_many_segments_are_read_few_indexes_are_in_memory() throws Exception {
        SimDisk disk = new SimDisk();
        disk.createDirectories("log");
        PartitionLog log = LogBeginning.FIRST.open(new LogFolder(disk, "log", P, 256, indexes));
        for (int i = 0; i < BATCHES; i++) {
            append(log, i);
        }
        int segments = log.segments().size();
        assertTrue(segments > 5 * MAX, "segments " + segments);
        LogFlush flush = log.flush(true);
        flush.run();
        log.flushed(flush);
        for (Segment segment : log.segments().subList(0, segments - 1)) {
            assertFalse(segment.indexLoaded(), "the index of a closed segment is in its file");
        }
        for (int i = 0; i < BATCHES; i++) {
            readAndSearch(log, i);
            assertTrue(indexes.size() <= MAX, "indexes " + indexes.size());
        }
        long loaded = log.segments().stream().filter(Segment::indexLoaded).count();
        assertTrue(loaded <= MAX + 1, "loaded " + loaded);
    }

    @Test
    void a_reader_finds_its_way_while_the_log_grows_and_indexes_come_and_go() throws Exception {
        FileDisk disk = new FileDisk(directory);
        disk.createDirectories("log");
        PartitionLog log = LogBeginning.FIRST.open(new LogFolder(disk, "log", P, 256, indexes));
        append(log, 0);
        for (int i = 1; i < BATCHES; i++) {
            append(log, i);
            // The engine's thread asks, a reader reads, and the engine goes on meanwhile.
            ReadPlan plan = log.plan(i / 2, 1, log.logEnd());
            TimestampSearch search = log.search(10L * i);
            assertNotNull(plan);
            if (i % 7 == 0) {
                log.segments().forEach(Segment::unloadIndex);
            }
            CompletableFuture<ReadPlan.Result> read = CompletableFuture.supplyAsync(plan::execute);
            CompletableFuture<Long> found =
                    CompletableFuture.supplyAsync(() -> offsetFoundBy(search));
            append(log, ++i);
            assertEquals(ReadStatus.OK, read.get().status());
            assertEquals((i - 1) / 2, BatchFrame.baseOffset(read.get().frames(), 0));
            assertEquals(i - 1, found.get());
        }
        log.close();
    }

    private static long offsetFoundBy(TimestampSearch search) {
        try {
            return search.run().offset();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
