package io.ackgate.storage.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.checkpoint.ReplicaEntry;
import io.ackgate.storage.checkpoint.ReplicaEntry.LogEntry;
import io.ackgate.storage.checkpoint.ReplicaEntry.SegmentEntry;
import io.ackgate.storage.checkpoint.UnsyncedEnd;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.journal.FrameRef;
import io.ackgate.storage.journal.FrameRefs;
import io.ackgate.storage.journal.JournalRecord;
import io.ackgate.storage.log.DamagedLogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A checkpoint and the journal after it say what a log has to hold. */
class ReplicaFoldTest {
    private static final PartitionId P = new PartitionId(new TopicId(1, 2), 0);
    private static final String TAILS = "tails/log";

    private final SimDisk disk = new SimDisk();

    /** A log in doubt: two segments that a checkpoint has up to 20, and a copied tail or none. */
    private static ReplicaFold inDoubt(long tailFrom, long settledEnd) {
        List<SegmentEntry> segments =
                List.of(new SegmentEntry(0, 500, 1, 1, 1), new SegmentEntry(10, 500, 1, 1, 1));
        LogEntry log =
                new LogEntry(
                        0,
                        20,
                        20,
                        settledEnd,
                        -1,
                        tailFrom,
                        UnsyncedEnd.IN_HAND,
                        EpochChain.EMPTY,
                        segments,
                        null);
        return new ReplicaFold(
                new ReplicaEntry(
                        P,
                        1,
                        Incarnation.of(1, 1),
                        ReplicaSettings.DEFAULTS,
                        Fault.IO_ERROR,
                        null,
                        1,
                        0,
                        log));
    }

    private static ByteBuffer frame(long offset) {
        RecordBatchBuilder builder = new RecordBatchBuilder(1 << 9, 1 << 12);
        builder.append(offset, null, new byte[100]);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, 1, 2, 0, offset, 1, 1);
        return frame;
    }

    private static FrameRef ref(long offset) {
        ByteBuffer frame = frame(offset);
        int crc = BatchFrame.frameCrc(frame, frame.position());
        return new FrameRef(1, 0, frame.remaining(), crc, offset, offset + 1);
    }

    private static void appended(ReplicaFold fold, long from, long to) {
        for (long offset = from; offset < to; offset++) {
            fold.apply(new JournalRecord.Appended(P, 0, ref(offset)));
        }
    }

    @Test
    void what_a_cut_took_away_is_not_written_again() {
        ReplicaFold fold = inDoubt(-1, 20);
        appended(fold, 20, 24);
        assertEquals(24, fold.unusableEntry().log().settledEnd());
        fold.apply(new JournalRecord.Cutting(P, 22));
        FrameRefs frames = fold.expectedLog().frames();
        assertEquals(2, frames.size());
        assertEquals(22, frames.getLast().nextOffset());
        assertEquals(22, fold.unusableEntry().log().settledEnd());
    }

    @Test
    void a_log_that_was_not_cut_is_noted_with_all_of_its_segments() {
        LogEntry noted = inDoubt(-1, 20).unusableEntry().log();
        assertEquals(20, noted.logEnd());
        assertEquals(2, noted.segments().size());
    }

    @Test
    void one_that_was_cut_is_believed_up_to_the_last_segment_that_the_cut_left_as_it_was() {
        ReplicaFold fold = inDoubt(-1, 20);
        fold.apply(new JournalRecord.Cutting(P, 19));
        LogEntry noted = fold.unusableEntry().log();
        assertEquals(10, noted.logEnd());
        assertEquals(1, noted.segments().size());
    }

    @Test
    void a_copy_of_damaged_batches_is_no_copy() throws Exception {
        ReplicaFold fold = inDoubt(-1, 20);
        appended(fold, 20, 24);
        assertFalse(
                fold.copyTail(
                        disk,
                        TAILS,
                        frame -> {
                            throw new DamagedLogException("damaged");
                        }));
        assertEquals(-1, fold.unusableEntry().log().tailFrom(), "nothing refers to it");
    }

    private void copied() throws IOException {
        ReplicaFold fold = inDoubt(-1, 20);
        appended(fold, 20, 24);
        assertTrue(fold.copyTail(disk, TAILS, ref -> frame(ref.baseOffset())));
        assertEquals(20, fold.unusableEntry().log().tailFrom());
        assertEquals(0, disk.openFiles());
    }

    @Test
    void a_copy_is_taken_for_what_the_journal_held() throws Exception {
        copied();
        ReplicaFold fold = inDoubt(20, 24);
        try (TailFiles files = fold.takeTail(disk, TAILS)) {
            assertNotNull(files);
            assertFalse(fold.tailDamaged());
            assertEquals(4, fold.expectedLog().frames().size());
            assertEquals(1, disk.openFiles());
        }
        assertEquals(0, disk.openFiles(), "it is closed when all is read");
    }

    @Test
    void one_of_which_nothing_is_whole_is_closed_again() throws Exception {
        copied();
        try (DiskFile file = disk.open(disk.files().getFirst())) {
            file.write(ByteBuffer.allocate(64), 0);
        }
        ReplicaFold fold = inDoubt(20, 24);
        assertNull(fold.takeTail(disk, TAILS));
        assertTrue(fold.tailDamaged());
        assertEquals(0, disk.openFiles());
    }
}
