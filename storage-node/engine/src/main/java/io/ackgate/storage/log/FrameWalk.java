package io.ackgate.storage.log;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.record.RecordBatch;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Goes over the frames of a file, one after the other: each is of one partition, and begins at the
 * offset at which the one before it ends.
 */
public final class FrameWalk {
    /** Reads ahead for walks that look at every byte. */
    private static final int WHOLE_BUFFER_BYTES = 256 << 10;

    /** Reads for walks that look at heads only, which jump over what is between them. */
    private static final int HEADS_BUFFER_BYTES = 4 << 10;

    /** What stands at the position of the walk. */
    public enum Step {
        FRAME,
        /** The limit: every byte before it belongs to a frame. */
        END,
        /** Bytes that are no whole frame. */
        BAD
    }

    private final @Nullable DiskFile file;
    private final @Nullable PartitionId partition;
    private final int limit;
    private final boolean whole;
    private ByteBuffer buffer;

    /** Position in the file of the buffer's first byte. */
    private int bufferStart;

    private int position;
    private int frameLength;

    /** Offset at which the frame at the position must begin; -1 if any will do. */
    private long nextOffset = -1;

    private long bytesRead;

    private FrameWalk(
            @Nullable DiskFile file,
            @Nullable PartitionId partition,
            int from,
            int limit,
            boolean whole,
            int bufferBytes) {
        this.file = file;
        this.partition = partition;
        this.position = from;
        this.limit = limit;
        this.whole = whole;
        this.bufferStart = from;
        this.buffer = ByteBuffer.allocate(bufferBytes).limit(0);
    }

    /** A walk that checks every byte of {@code [from, limit)}. */
    public static FrameWalk whole(DiskFile file, PartitionId partition, int from, int limit) {
        return new FrameWalk(file, partition, from, limit, true, WHOLE_BUFFER_BYTES);
    }

    /** A walk that checks every byte, over about so many of them: no more is read at a time. */
    static FrameWalk piece(
            DiskFile file, PartitionId partition, int from, int limit, int pieceBytes) {
        int bytes = Math.clamp(pieceBytes, BatchFrame.HEAD_BYTES, WHOLE_BUFFER_BYTES);
        return new FrameWalk(file, partition, from, limit, true, bytes);
    }

    /** A walk that checks the heads of the frames, enough to believe what they say. */
    public static FrameWalk heads(DiskFile file, PartitionId partition, int from, int limit) {
        return new FrameWalk(file, partition, from, limit, false, HEADS_BUFFER_BYTES);
    }

    /** A walk where there is no file: it is at its end. */
    static FrameWalk nowhere() {
        return new FrameWalk(null, null, 0, 0, false, 0);
    }

    /** The frame at the position must begin at this offset. */
    void expect(long offset) {
        nextOffset = offset;
    }

    /** Looks at what stands at the position; after {@link Step#FRAME} the accessors tell of it. */
    public Step look() throws IOException {
        int left = limit - position;
        if (left == 0) {
            return Step.END;
        }
        if (left < BatchFrame.HEAD_BYTES || !fill(BatchFrame.HEAD_BYTES)) {
            return Step.BAD;
        }
        int at = position - bufferStart;
        if (!(BatchFrame.verifyHeader(buffer, at) instanceof FrameVerdict.Ok(int length))
                || length > left
                || !belongs(at)) {
            return Step.BAD;
        }
        if (whole) {
            if (!fill(length)) {
                return Step.BAD;
            }
            at = position - bufferStart;
            if (!(BatchFrame.verify(buffer, at) instanceof FrameVerdict.Ok)) {
                return Step.BAD;
            }
        }
        frameLength = length;
        return Step.FRAME;
    }

    private boolean belongs(int at) {
        return Objects.requireNonNull(partition).owns(buffer, at)
                && (nextOffset < 0 || BatchFrame.baseOffset(buffer, at) == nextOffset);
    }

    /** Goes behind the frame looked at. */
    public void advance() {
        nextOffset = nextOffset();
        position += frameLength;
    }

    /** Goes behind a frame that was written at the position meanwhile, or to the limit. */
    void skip(int length, long offsetBehind) {
        nextOffset = offsetBehind;
        position = Math.min(limit, position + length);
    }

    /** Makes the buffer hold {@code bytes} from the position on; false if the file ends before. */
    private boolean fill(int bytes) throws IOException {
        int at = position - bufferStart;
        if (at >= 0 && at + bytes <= buffer.limit()) {
            return true;
        }
        if (bytes > buffer.capacity()) {
            buffer = ByteBuffer.allocate(Math.max(bytes, 2 * buffer.capacity()));
        }
        bufferStart = position;
        buffer.clear().limit(Math.min(buffer.capacity(), limit - position));
        int read = Objects.requireNonNull(file).read(buffer, position);
        buffer.position(0).limit(read);
        bytesRead += read;
        return read >= bytes;
    }

    /** Bytes that have been read from the file so far. */
    long bytesRead() {
        return bytesRead;
    }

    /** Position in the file. */
    public int position() {
        return position;
    }

    public int frameLength() {
        return frameLength;
    }

    /** Holds the frame's head, and all of it if the walk is over whole frames. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where in {@link #buffer} the frame begins. */
    public int frame() {
        return position - bufferStart;
    }

    public long baseOffset() {
        return BatchFrame.baseOffset(buffer, frame());
    }

    public long nextOffset() {
        return RecordBatch.nextOffset(buffer, BatchFrame.batchPosition(frame()));
    }

    public int leaderEpoch() {
        return BatchFrame.leaderEpoch(buffer, frame());
    }

    public long maxTimestamp() {
        return RecordBatch.maxTimestamp(buffer, BatchFrame.batchPosition(frame()));
    }
}
