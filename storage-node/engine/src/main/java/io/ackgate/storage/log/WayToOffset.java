package io.ackgate.storage.log;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;

/**
 * Goes over the heads of a segment's frames to an offset.
 *
 * @param bytes of whole frames in the file
 */
record WayToOffset(DiskFile file, PartitionId partition, long baseOffset, int bytes) {
    /** Where the last of the batches ends that stand below an offset, over whole batches only. */
    int endBefore(long offset) throws IOException {
        FrameWalk walk = FrameWalk.heads(file, partition, 0, bytes);
        long next = baseOffset;
        while (next < offset && walk.look() == FrameWalk.Step.FRAME) {
            next = walk.nextOffset();
            walk.advance();
        }
        return next == offset ? walk.position() : -1;
    }

    /** Position of the batch that holds an offset, or -1 if whole batches do not lead to it. */
    int from(int from, long offset) throws IOException {
        FrameWalk walk = FrameWalk.heads(file, partition, from, bytes);
        long next = from == 0 ? baseOffset : -1;
        while (true) {
            if (next == offset) {
                return walk.position();
            }
            switch (walk.look()) {
                case END, BAD -> {
                    return -1;
                }
                case FRAME -> {
                    if (walk.baseOffset() > offset) {
                        return -1;
                    }
                    if (walk.nextOffset() > offset) {
                        return walk.position();
                    }
                    next = walk.nextOffset();
                    walk.advance();
                }
            }
        }
    }
}
