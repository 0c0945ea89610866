package io.ackgate.storage.log;

import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;

/** Derives the index of a segment from the heads of its frames, as far as they are whole. */
final class IndexBuild {
    private final LogFolder folder;
    private final DiskFile file;
    private final long baseOffset;
    private final SparseIndex index;
    private long greatest = Long.MIN_VALUE;
    private long next;
    private int position;

    IndexBuild(LogFolder folder, DiskFile file, long baseOffset) {
        this.folder = folder;
        this.file = file;
        this.baseOffset = baseOffset;
        this.index = new SparseIndex(folder.indexIntervalBytes());
        this.next = baseOffset;
    }

    /** Goes on until so many bytes of the file have been seen, or to what is no frame. */
    void upTo(int bytes) throws IOException {
        FrameWalk walk = FrameWalk.heads(file, folder.partition(), position, bytes);
        while (walk.look() == FrameWalk.Step.FRAME && walk.baseOffset() == next) {
            index.offer((int) (walk.baseOffset() - baseOffset), walk.position(), greatest);
            greatest = Math.max(greatest, walk.maxTimestamp());
            next = walk.nextOffset();
            walk.advance();
        }
        position = walk.position();
    }

    SparseIndex index() {
        return index;
    }

    /** Behind the last frame seen, bytes. */
    int position() {
        return position;
    }

    /** Greatest timestamp seen. */
    long greatest() {
        return greatest;
    }
}
