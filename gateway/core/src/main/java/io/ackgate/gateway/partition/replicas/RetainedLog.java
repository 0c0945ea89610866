package io.ackgate.gateway.partition.replicas;

import io.ackgate.gateway.partition.InvariantBrokenException;
import java.nio.ByteBuffer;

/**
 * The tail of the log in memory: every batch of this epoch that a member of the maximal ISR may
 * lack. A ring of consecutive batches; any of them is found by its offset.
 */
public final class RetainedLog {
    /** A stamped batch. The frame is shared with every replica it is sent to and never changed. */
    public record Entry(long baseOffset, long endOffset, ByteBuffer frame) {
        public int bytes() {
            return frame.remaining();
        }
    }

    /** What was added before about so many bytes says little of what is added now. */
    private static final double RECENT_BYTES = 1 << 20;

    private Entry[] ring = new Entry[64];

    /** Of each entry: bytes of all that were added before it. */
    private long[] positions = new long[64];

    private int head;
    private int size;

    private long start;
    private long end;
    private long bytes;
    private long addedBytes;

    /** What was added lately, and a share of what was before. */
    private double recentBytes;

    private double recentOffsets;

    /** An empty tail after which {@code logEnd} comes next. */
    RetainedLog(long logEnd) {
        start = logEnd;
        end = logEnd;
    }

    /** First offset held; equals {@link #end()} when nothing is. */
    public long start() {
        return start;
    }

    /** The log end offset: the next to be assigned. */
    public long end() {
        return end;
    }

    public long bytes() {
        return bytes;
    }

    /**
     * How many offsets so many bytes hold, by the batches that were added lately; {@link
     * Long#MAX_VALUE} if none ever was.
     */
    long offsetsIn(long ofBytes) {
        return recentBytes == 0
                ? Long.MAX_VALUE
                : (long) ((double) ofBytes / recentBytes * recentOffsets);
    }

    public void add(Entry entry) {
        if (entry.baseOffset() != end) {
            throw new InvariantBrokenException(
                    "batch at " + entry.baseOffset() + " after end " + end);
        }
        if (size == ring.length) {
            grow();
        }
        int slot = (head + size) & (ring.length - 1);
        ring[slot] = entry;
        positions[slot] = addedBytes;
        size++;
        end = entry.endOffset();
        bytes += entry.bytes();
        addedBytes += entry.bytes();
        recentBytes += entry.bytes();
        recentOffsets += (double) (entry.endOffset() - entry.baseOffset());
        if (recentBytes > RECENT_BYTES) {
            recentBytes /= 2;
            recentOffsets /= 2;
        }
    }

    /**
     * The batch that starts at {@code offset}.
     *
     * @param offset at least {@link #start()}, below {@link #end()}, and where a batch starts
     */
    public Entry at(long offset) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Entry entry = ring[(head + middle) & (ring.length - 1)];
            if (entry.baseOffset() == offset) {
                return entry;
            }
            if (entry.baseOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        throw new InvariantBrokenException(
                "no batch starts at " + offset + " in [" + start + ", " + end + ")");
    }

    /**
     * Bytes of all batches ever added that begin before an offset; of those released, all are
     * counted.
     */
    long bytesBefore(long offset) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ring[(head + middle) & (ring.length - 1)].baseOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == size ? addedBytes : positions[(head + low) & (ring.length - 1)];
    }

    /** Lets go of the batches that end at or below {@code offset}. */
    void releaseTo(long offset) {
        while (size > 0) {
            Entry oldest = ring[head];
            if (oldest.endOffset() > offset) {
                return;
            }
            forget(head);
            head = (head + 1) & (ring.length - 1);
            size--;
            bytes -= oldest.bytes();
            start = oldest.endOffset();
        }
    }

    @SuppressWarnings(
            "NullAway") // An empty slot is never read: at() and releaseTo() stay within size.
    private void forget(int slot) {
        ring[slot] = null;
    }

    private void grow() {
        Entry[] more = new Entry[ring.length * 2];
        long[] morePositions = new long[ring.length * 2];
        for (int i = 0; i < size; i++) {
            int slot = (head + i) & (ring.length - 1);
            more[i] = ring[slot];
            morePositions[i] = positions[slot];
        }
        ring = more;
        positions = morePositions;
        head = 0;
    }
}
