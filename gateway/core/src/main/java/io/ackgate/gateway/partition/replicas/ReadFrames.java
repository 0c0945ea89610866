package io.ackgate.gateway.partition.replicas;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;

/**
 * Frames that a replica has read, looked at once more before anybody gets them: a whole frame of
 * another partition, or of another place in this one, has a right checksum as well.
 */
public final class ReadFrames {
    private ReadFrames() {}

    /** Whether all frames are of the partition, dense, and begin with the one of the offset. */
    public static boolean belong(ByteBuffer frames, PartitionId partition, long offset) {
        long next = -1;
        int position = frames.position();
        while (position < frames.limit()) {
            if (frames.limit() - position < BatchFrame.HEAD_BYTES) {
                return false;
            }
            int length = BatchFrame.frameLength(frames, position);
            long base = BatchFrame.baseOffset(frames, position);
            long last = BatchFrame.lastOffset(frames, position);
            boolean inPlace = next < 0 ? base <= offset && offset <= last : base == next;
            if (!inPlace
                    || length < BatchFrame.HEAD_BYTES
                    || length > frames.limit() - position
                    || !partition.owns(frames, position)) {
                return false;
            }
            next = last + 1;
            position += length;
        }
        return true;
    }

    /** Offset after the last of the frames, of which there is one at the least. */
    public static long endOf(ByteBuffer frames) {
        int at = frames.position();
        int last = at;
        while (at < frames.limit()) {
            last = at;
            at += BatchFrame.frameLength(frames, at);
        }
        return BatchFrame.lastOffset(frames, last) + 1;
    }
}
