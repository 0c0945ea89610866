package io.ackgate.storage.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Has the index of a segment in memory, which may take a look at all of its batches: not for the
 * engine's thread.
 */
public final class IndexLoad {
    private final Segment segment;
    private final long offset;

    private IndexLoad(Segment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
    }

    /** What has to be loaded before an offset can be looked for; null if nothing has. */
    public static @Nullable IndexLoad before(PartitionLog log, long offset) {
        Segment holder = null;
        for (Segment segment : log.segments()) {
            holder = segment.baseOffset() <= offset ? segment : holder;
        }
        return holder == null || holder.bytes() == 0 || holder.indexLoaded()
                ? null
                : new IndexLoad(holder, offset);
    }

    /** From any thread. */
    public void run() throws IOException {
        segment.positionFor(offset);
    }
}
