package io.ackgate.storage.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.checkpoint.ReplicaEntry.LogEntry;
import io.ackgate.storage.checkpoint.ReplicaEntry.SegmentEntry;
import io.ackgate.storage.journal.JournalPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointCodecTest {
    private static final PartitionId ID = new PartitionId(new TopicId(1, 2), 3);

    private static Checkpoint of(ReplicaEntry... entries) {
        return new Checkpoint(
                "boot-1", true, 4, new JournalPosition(5, 6), 4_096, 7, 8, List.of(entries));
    }

    private static ReplicaEntry entry(Fault fault, ReplicaEntry.Damage damage, LogEntry log) {
        return new ReplicaEntry(
                ID, 9, Incarnation.of(1, 2), ReplicaSettings.DEFAULTS, fault, damage, 10, 11, log);
    }

    /** So many epochs and segments that no spare byte hides one that is not counted. */
    private static LogEntry longLog(UnsyncedEnd end) {
        EpochChain chain = EpochChain.EMPTY;
        for (int epoch = 1; epoch <= 100; epoch++) {
            chain = chain.append(epoch, 10L * epoch);
        }
        return new LogEntry(
                12,
                2_000,
                14,
                2_001,
                16,
                17,
                end,
                chain,
                List.of(new SegmentEntry(12, 100, 1, 2, 3), new SegmentEntry(900, 200, 4, 5, 6)),
                ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    @Test
    void a_checkpoint_is_read_as_it_was_written() throws IOException {
        Checkpoint written =
                of(
                        entry(
                                Fault.CORRUPT,
                                new ReplicaEntry.Damage(Fault.IO_ERROR, 77),
                                longLog(UnsyncedEnd.MAY_BE_GONE)),
                        entry(
                                Fault.IO_ERROR,
                                new ReplicaEntry.Damage(Fault.CORRUPT, 78),
                                LogEntry.NONE),
                        entry(
                                Fault.IO_ERROR,
                                new ReplicaEntry.Damage(Fault.CORRUPT, 78),
                                longLog(UnsyncedEnd.LEFT_BEHIND)));
        ByteBuffer bytes = ByteBuffer.wrap(CheckpointCodec.encode(written));
        assertEquals(written, CheckpointCodec.decode(bytes));
    }

    private static byte[] encoded(UnsyncedEnd end) {
        return CheckpointCodec.encode(
                of(
                        entry(
                                Fault.IO_ERROR,
                                new ReplicaEntry.Damage(Fault.CORRUPT, 78),
                                longLog(end))));
    }

    @Test
    void so_is_one_that_says_of_a_log_what_this_version_does_not_know() {
        byte[] bytes = encoded(UnsyncedEnd.IN_HAND);
        int at = Arrays.mismatch(bytes, encoded(UnsyncedEnd.LEFT_BEHIND));
        bytes[at] = 3;
        IOException refused =
                assertThrows(
                        IOException.class, () -> CheckpointCodec.decode(ByteBuffer.wrap(bytes)));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("start the version that wrote it"),
                refused::toString);
    }

    @Test
    void one_of_another_format_is_left_to_the_version_that_wrote_it() {
        ByteBuffer bytes = ByteBuffer.wrap(CheckpointCodec.encode(of()));
        int format = bytes.getInt(0);
        bytes.putInt(0, format + 1);
        IOException refused = assertThrows(IOException.class, () -> CheckpointCodec.decode(bytes));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("start the version that wrote it"),
                refused::toString);
    }
}
