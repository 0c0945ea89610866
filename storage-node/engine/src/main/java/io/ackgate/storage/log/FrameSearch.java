package io.ackgate.storage.log;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Looks for whole frames where nothing tells where one would begin. */
final class FrameSearch {
    private static final int BUFFER_BYTES = 256 << 10;

    private FrameSearch() {}

    /**
     * Whether a whole frame of the partition begins anywhere in {@code [from, to)}.
     *
     * @param leastOffset frames that begin below it do not count
     * @param greatestEpoch nor do those of a later one, which nobody has promised yet
     */
    static boolean anyWhole(
            DiskFile file,
            PartitionId partition,
            int from,
            int to,
            long leastOffset,
            int greatestEpoch)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        int start = from;
        while (to - start >= BatchFrame.HEAD_BYTES) {
            buffer.clear().limit(Math.min(BUFFER_BYTES, to - start));
            int read = file.read(buffer, start);
            buffer.position(0).limit(read);
            int last = read - BatchFrame.HEAD_BYTES;
            for (int at = 0; at <= last; at++) {
                if (begins(buffer, at, partition, leastOffset)
                        && BatchFrame.leaderEpoch(buffer, at) <= greatestEpoch
                        && FrameWalk.whole(file, partition, start + at, to).look()
                                == FrameWalk.Step.FRAME) {
                    return true;
                }
            }
            if (last < 0) {
                return false;
            }
            start += last + 1;
        }
        return false;
    }

    private static boolean begins(
            ByteBuffer buffer, int at, PartitionId partition, long leastOffset) {
        return Short.toUnsignedInt(buffer.getShort(at)) == BatchFrame.MAGIC
                && partition.owns(buffer, at)
                && BatchFrame.verifyHeader(buffer, at) instanceof FrameVerdict.Ok
                && BatchFrame.baseOffset(buffer, at) >= leastOffset;
    }
}
