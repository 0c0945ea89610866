package io.ackgate.gateway.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.partition.replicas.ReadFrames;
import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Which frames are an answer to a read, and which are those of another log. */
class ReadFramesTest {
    private static final int LENGTH_AT = 4;

    /** A frame of three records. */
    private static ByteBuffer frame(PartitionId id, long baseOffset) {
        ByteBuffer frame = Cluster.batch("x", "y", "z");
        BatchFrame.stampInPlace(
                frame, id.topic().high(), id.topic().low(), id.partition(), baseOffset, 1, 1_000);
        return frame;
    }

    private static ByteBuffer frame(long baseOffset) {
        return frame(Cluster.ID, baseOffset);
    }

    private static ByteBuffer together(ByteBuffer... frames) {
        ByteBuffer all = ByteBuffer.allocate(4_096);
        for (ByteBuffer frame : frames) {
            all.put(frame.duplicate());
        }
        return all.flip();
    }

    private static boolean belong(ByteBuffer frames, long offset) {
        return ReadFrames.belong(frames, Cluster.ID, offset);
    }

    @Test
    void the_first_frame_holds_the_offset_that_was_asked_for() {
        ByteBuffer frames = together(frame(10), frame(13));
        assertTrue(belong(frames, 10), "the first of its records");
        assertTrue(belong(frames, 12), "the last of its records");
        assertFalse(belong(frames, 9), "it begins behind it");
        assertFalse(belong(frames, 13), "it ends before it");
        assertEquals(16, ReadFrames.endOf(frames));
    }

    @Test
    void nothing_is_an_answer_too() {
        assertTrue(belong(together(), 10));
    }

    @Test
    void frames_stand_without_a_gap_and_in_order() {
        assertTrue(belong(together(frame(10), frame(13), frame(16)), 10));
        assertFalse(belong(together(frame(10), frame(14)), 10), "13 is lacking");
        assertFalse(belong(together(frame(10), frame(12)), 10), "12 is there twice");
        assertFalse(belong(together(frame(10), frame(13), frame(13)), 10));
    }

    @Test
    void each_frame_is_of_the_partition() {
        PartitionId otherTopic = new PartitionId(new TopicId(1, 3), 0);
        PartitionId otherPartition = new PartitionId(new TopicId(1, 2), 1);
        assertFalse(belong(together(frame(otherTopic, 10)), 10));
        assertFalse(belong(together(frame(10), frame(otherPartition, 13)), 10));
    }

    @Test
    void each_frame_is_whole() {
        ByteBuffer whole = together(frame(10), frame(13));
        int second = frame(10).remaining();
        for (int limit = 1; limit < whole.limit(); limit++) {
            ByteBuffer cut = whole.duplicate().limit(limit);
            assertEquals(limit == second, belong(cut, 10), "cut at " + limit);
        }
    }

    @Test
    void a_length_that_no_frame_has_ends_the_look() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, BatchFrame.HEAD_BYTES - 1}) {
            ByteBuffer frames = together(frame(10), frame(13));
            frames.putInt(LENGTH_AT, length);
            assertFalse(belong(frames, 10), "a frame of " + length + " bytes");
        }
    }

    @Test
    void a_frame_may_be_its_head_alone() {
        ByteBuffer frames = together(frame(10));
        frames.putInt(LENGTH_AT, BatchFrame.HEAD_BYTES).limit(BatchFrame.HEAD_BYTES);
        assertTrue(belong(frames, 10));
    }

    @Test
    void frames_begin_at_the_position_of_their_buffer() {
        ByteBuffer frames = together(frame(7), frame(10), frame(13));
        frames.position(frame(7).remaining());
        assertTrue(belong(frames, 10));
        assertFalse(belong(frames.limit(frames.limit() - 1), 10));
        ByteBuffer head = together(frame(7), frame(10));
        int at = frame(7).remaining();
        head.position(at).limit(at + BatchFrame.HEAD_BYTES - 1);
        assertFalse(belong(head, 10), "not even a head is there");
    }
}
