package io.ackgate.storage.api;

import java.util.Arrays;
import java.util.List;

/**
 * Which leader epoch wrote which offsets of a log: epoch and start offset of each, both strictly
 * ascending. Immutable.
 *
 * <p>An offset is assigned once in an epoch, so two logs that hold the same epoch at an offset hold
 * the same record there and the same log below it. Where the chains part, the logs part: that, and
 * never the high watermark, is where a replica truncates (KIP-101, KIP-279).
 */
public final class EpochChain {
    public static final EpochChain EMPTY = new EpochChain(new int[0], new long[0]);

    private final int[] epochs;
    private final long[] starts;

    private EpochChain(int[] epochs, long[] starts) {
        this.epochs = epochs;
        this.starts = starts;
    }

    /** One link: the epoch and the first offset written in it. */
    public record Link(int epoch, long startOffset) {}

    /** The chain of the links given, which must ascend in both epoch and offset. */
    public static EpochChain of(List<Link> links) {
        EpochChain chain = EMPTY;
        for (Link link : links) {
            chain = chain.append(link.epoch(), link.startOffset());
        }
        return chain;
    }

    /**
     * The chain after a batch of {@code epoch} was appended at {@code offset}; this chain when the
     * epoch is the last one already.
     *
     * @throws IllegalArgumentException if the epoch or the offset does not ascend: a bug of the
     *     caller
     */
    public EpochChain append(int epoch, long offset) {
        int n = epochs.length;
        if (n > 0 && epochs[n - 1] == epoch) {
            return this;
        }
        if (n > 0 && (epochs[n - 1] > epoch || starts[n - 1] > offset)) {
            throw new IllegalArgumentException(
                    "epoch " + epoch + " at offset " + offset + " does not follow " + this);
        }
        // A last link that begins at the log's end is what retention left of an epoch whose records
        // are all gone; the new one takes its place.
        int keep = n > 0 && starts[n - 1] == offset ? n - 1 : n;
        int[] moreEpochs = Arrays.copyOf(epochs, keep + 1);
        long[] moreStarts = Arrays.copyOf(starts, keep + 1);
        moreEpochs[keep] = epoch;
        moreStarts[keep] = offset;
        return new EpochChain(moreEpochs, moreStarts);
    }

    /** The chain of the log cut so that {@code endOffset} is the next offset to be written. */
    public EpochChain truncate(long endOffset) {
        int keep = epochs.length;
        while (keep > 0 && starts[keep - 1] >= endOffset) {
            keep--;
        }
        return keep == epochs.length
                ? this
                : new EpochChain(Arrays.copyOf(epochs, keep), Arrays.copyOf(starts, keep));
    }

    /** The chain of the log after retention made {@code startOffset} its first offset. */
    public EpochChain startAt(long startOffset) {
        int drop = 0;
        while (drop + 1 < epochs.length && starts[drop + 1] <= startOffset) {
            drop++;
        }
        if (epochs.length == 0 || (drop == 0 && starts[0] >= startOffset)) {
            return this;
        }
        int[] fewerEpochs = Arrays.copyOfRange(epochs, drop, epochs.length);
        long[] fewerStarts = Arrays.copyOfRange(starts, drop, starts.length);
        fewerStarts[0] = Math.max(fewerStarts[0], startOffset);
        return new EpochChain(fewerEpochs, fewerStarts);
    }

    /** The last epoch that wrote, or -1 when the log is empty. */
    public int lastEpoch() {
        return epochs.length == 0 ? -1 : epochs[epochs.length - 1];
    }

    /** The epoch that wrote {@code offset}, or -1 when the chain does not reach back to it. */
    public int epochAt(long offset) {
        for (int i = epochs.length - 1; i >= 0; i--) {
            if (starts[i] <= offset) {
                return epochs[i];
            }
        }
        return -1;
    }

    /**
     * The offset up to which this log, ending at {@code end}, agrees with {@code other}, ending at
     * {@code otherEnd}: the first offset that one of them lacks or that different epochs wrote.
     *
     * @param from the first offset that both logs still hold; below it there is nothing to compare
     */
    public long agreesUpTo(long from, long end, EpochChain other, long otherEnd) {
        long limit = Math.min(end, otherEnd);
        long offset = from;
        while (offset < limit) {
            if (epochAt(offset) != other.epochAt(offset)) {
                return offset;
            }
            offset = Math.min(nextStart(offset), other.nextStart(offset));
        }
        return limit;
    }

    private long nextStart(long offset) {
        for (long start : starts) {
            if (start > offset) {
                return start;
            }
        }
        return Long.MAX_VALUE;
    }

    /** The links, oldest first. */
    public List<Link> links() {
        Link[] links = new Link[epochs.length];
        for (int i = 0; i < links.length; i++) {
            links[i] = new Link(epochs[i], starts[i]);
        }
        return List.of(links);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof EpochChain other
                && Arrays.equals(epochs, other.epochs)
                && Arrays.equals(starts, other.starts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(epochs) + Arrays.hashCode(starts);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < epochs.length; i++) {
            text.append(i == 0 ? "" : ", ").append(epochs[i]).append('@').append(starts[i]);
        }
        return text.append(']').toString();
    }
}
