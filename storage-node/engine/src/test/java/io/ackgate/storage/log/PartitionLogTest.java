package io.ackgate.storage.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.disk.simulated.DiskFaults;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PartitionLogTest {
    private static final PartitionId PARTITION = new PartitionId(new TopicId(1, 2), 0);
    private static final long NEVER = Long.MAX_VALUE;

    private final SimDisk disk = new SimDisk();
    private final LogFolder folder =
            new LogFolder(disk, "log", PARTITION, 100, new LoadedIndexes());
    private PartitionLog log;

    @BeforeEach
    void open() throws IOException {
        disk.createDirectories("log");
        log = LogBeginning.FIRST.open(folder);
    }

    /** Appends a batch of one record; its offsets reach as far as if there were {@code offsets}. */
    private void append(int offsets, int segmentBytes) throws IOException {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 10, 1 << 20);
        builder.append(log.logEnd(), null, new byte[50]);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, 1, 2, 0, log.logEnd(), 1, 0);
        int batch = BatchFrame.batchPosition(frame.position());
        frame.putInt(batch + RecordBatch.LAST_OFFSET_DELTA, offsets - 1);
        log.append(frame, segmentBytes, NEVER, 0);
    }

    @Test
    void a_segment_ends_before_its_offsets_outgrow_its_index() throws Exception {
        int half = Integer.MAX_VALUE / 2;
        append(half, 1 << 20);
        append(1, 1 << 20);
        assertEquals(2, log.segments().size(), "the index has 32 bits for an offset");
        assertEquals(half, log.segments().get(1).baseOffset());
        append(1, 1 << 20);
        assertEquals(2, log.segments().size());
    }

    @Test
    void no_segment_is_begun_behind_what_a_failed_write_has_left() throws Exception {
        append(1, 1 << 20);
        disk.space(20);
        disk.setTruncatesFail(true);
        assertThrows(DiskFullException.class, () -> append(1, 1 << 20));
        disk.space(Long.MAX_VALUE);
        assertThrows(UnreachableFileException.class, () -> append(1, 1));
        assertThrows(UnreachableFileException.class, () -> log.beginSegment(0));
        assertEquals(1, log.segments().size());
        disk.setTruncatesFail(false);
        append(1, 1);
        Segment closed = log.segments().getFirst();
        assertEquals(2, log.segments().size());
        assertEquals(closed.bytes(), closed.file().size());
    }

    @Test
    void a_read_that_outlives_the_log_opens_no_file_again() throws Exception {
        append(1, 1 << 20);
        ReadPlan plan = Objects.requireNonNull(log.plan(0, 1_000, 1));
        assertEquals(StorageAnswer.ReadStatus.OK, plan.execute().status());
        log.close();
        assertEquals(
                StorageAnswer.ReadStatus.IO_ERROR,
                plan.execute().status(),
                "and says nothing of the bytes");
    }

    @Test
    void a_closed_segment_has_index_files_once_the_log_is_flushed() throws Exception {
        while (log.segments().size() < 2) {
            append(1, 1_000);
        }
        Segment closed = log.segments().get(0);
        assertNull(SegmentIndexFiles.read(folder, 0, closed.bytes()));
        LogFlush flush = log.flush(false);
        flush.run();
        log.flushed(flush);
        SegmentIndexFiles.Loaded read = SegmentIndexFiles.read(folder, 0, closed.bytes());
        assertNotNull(read);
        assertEquals(closed.indexContent().index().size(), read.index().size());
        assertEquals(closed.indexContent().maxTimestamp(), read.maxTimestamp());
    }

    @Test
    void a_sync_noted_before_a_cut_says_nothing_of_what_follows_the_cut() throws Exception {
        for (int i = 0; i < 5; i++) {
            append(1, 1 << 20);
        }
        LogFlush flush = log.flush(true);
        LogCut cut = log.planCut(2);
        cut.run();
        log.cut(cut);
        append(1, 1 << 20);
        flush.run();
        append(1, 1 << 20);
        append(1, 1 << 20);
        log.flushed(flush);
        assertTrue(log.unflushed(), "two batches came after the sync");
    }

    @Test
    void index_files_of_a_flush_that_was_called_off_are_written_by_the_next() throws Exception {
        while (log.segments().size() < 2) {
            append(1, 1_000);
        }
        log.undo(log.flush(false));
        requireIndexFilesAfterNextFlush();
    }

    @Test
    void and_so_are_those_that_could_not_be_written() throws Exception {
        while (log.segments().size() < 2) {
            append(1, 1_000);
        }
        disk.faults().fail(DiskFaults.Operation.CREATE, LogFiles.INDEX);
        LogFlush flush = log.flush(false);
        flush.run();
        log.flushed(flush);
        assertNotNull(flush.derivedFailure());
        disk.faults().heal();
        requireIndexFilesAfterNextFlush();
    }

    private void requireIndexFilesAfterNextFlush() throws IOException {
        int bytes = log.segments().get(0).bytes();
        assertNull(SegmentIndexFiles.read(folder, 0, bytes));
        LogFlush flush = log.flush(false);
        flush.run();
        log.flushed(flush);
        assertNotNull(SegmentIndexFiles.read(folder, 0, bytes));
    }

    @Test
    void what_a_failed_write_has_left_is_cut_off_before_a_shorter_batch() throws Exception {
        append(1, 1 << 20);
        disk.space(600);
        disk.setTruncatesFail(true);
        assertThrows(DiskFullException.class, () -> appendRecords(20));
        disk.space(Long.MAX_VALUE);
        disk.setTruncatesFail(false);
        Segment segment = log.segments().getFirst();
        assertTrue(segment.file().size() > 2L * segment.bytes(), "a part of it is there");
        append(1, 1 << 20);
        assertEquals(segment.bytes(), segment.file().size());
    }

    private void appendThreeRecords() throws IOException {
        appendRecords(3);
    }

    private void appendRecords(int records) throws IOException {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 12, 1 << 20);
        for (int i = 0; i < records; i++) {
            builder.append(0, null, new byte[50]);
        }
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, 1, 2, 0, log.logEnd(), 1, 0);
        log.append(frame, 1 << 20, NEVER, 0);
    }

    @Test
    void a_cut_within_a_batch_takes_all_of_it() throws Exception {
        appendThreeRecords();
        appendThreeRecords();
        int first = log.segments().getFirst().bytes() / 2;
        for (int offset = 4; offset <= 5; offset++) {
            assertEquals(3, log.planCut(offset).logEnd());
            assertEquals(first, log.planCut(offset).lastBytes());
        }
        assertEquals(0, log.planCut(2).logEnd());
        assertEquals(3, log.planCut(3).logEnd());
        assertEquals(6, log.planCut(6).logEnd());
    }
}
