package io.ackgate.storage.log;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.record.RecordBatch;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A read of one segment as it was when the read was asked for: what is left is to read the files,
 * which any thread may do.
 */
public final class ReadPlan {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /**
     * What was read.
     *
     * @param frames from position to limit
     */
    public record Result(ReadStatus status, ByteBuffer frames) {
        public static final Result CORRUPT = new Result(ReadStatus.CORRUPT, NOTHING);
        public static final Result IO_ERROR = new Result(ReadStatus.IO_ERROR, NOTHING);
        public static final Result EMPTY = new Result(ReadStatus.OK, NOTHING);
        public static final Result OUT_OF_RANGE = new Result(ReadStatus.OUT_OF_RANGE, NOTHING);

        /** How a read ended that failed. */
        public static Result of(IOException failure) {
            return DamagedLogException.proves(failure) ? CORRUPT : IO_ERROR;
        }
    }

    private final Segment segment;
    private final PartitionId partition;
    private final int limit;
    private final long offset;
    private final int maxBytes;
    private final long upTo;

    /**
     * A read that is to be made.
     *
     * @param partition that the batches must be of
     * @param offset to be in the first batch returned
     * @param maxBytes of the frames returned, unless the first alone is larger
     * @param upTo no batch that begins here or later
     */
    ReadPlan(Segment segment, PartitionId partition, long offset, int maxBytes, long upTo) {
        this.segment = segment;
        this.partition = partition;
        // Of whole frames: what stands behind is not the log's yet.
        this.limit = segment.bytes();
        this.offset = offset;
        this.maxBytes = maxBytes;
        this.upTo = upTo;
    }

    /** Reads and checks every byte that is returned. */
    public Result execute() {
        try {
            int from = Math.min(segment.positionFor(offset), limit);
            Result result = read(segment.file(), from);
            // The index is a hint; what it points to may be no batch at all.
            return result.status() == ReadStatus.CORRUPT && from > 0
                    ? read(segment.file(), 0)
                    : result;
        } catch (IOException e) {
            return Result.of(e);
        }
    }

    private Result read(DiskFile file, int start) throws IOException {
        FrameWalk heads = FrameWalk.heads(file, partition, start, limit);
        while (true) {
            if (heads.look() != FrameWalk.Step.FRAME || heads.baseOffset() > offset) {
                return Result.CORRUPT;
            }
            if (heads.nextOffset() > offset) {
                return heads.baseOffset() >= upTo
                        ? Result.EMPTY
                        : readFrames(
                                file, heads.position(), heads.frameLength(), heads.baseOffset());
            }
            heads.advance();
        }
    }

    private Result readFrames(DiskFile file, int position, int firstLength, long baseOffset)
            throws IOException {
        int bytes = Math.min(limit - position, Math.max(firstLength, maxBytes));
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        buffer.limit(file.read(buffer, position)).position(0);
        int end = 0;
        long next = baseOffset;
        while (end < buffer.limit()) {
            switch (BatchFrame.verify(buffer, end)) {
                case FrameVerdict.Ok(int length) -> {
                    if (!partition.owns(buffer, end)
                            || BatchFrame.baseOffset(buffer, end) != next) {
                        return end == 0
                                ? Result.CORRUPT
                                : new Result(ReadStatus.OK, buffer.limit(end));
                    }
                    if (next >= upTo) {
                        return new Result(ReadStatus.OK, buffer.limit(end));
                    }
                    next = RecordBatch.nextOffset(buffer, BatchFrame.batchPosition(end));
                    end += length;
                }
                case FrameVerdict.Incomplete _ -> {
                    return end == 0 ? Result.CORRUPT : new Result(ReadStatus.OK, buffer.limit(end));
                }
                // What is whole before it is returned; the next read begins at it and says so.
                case FrameVerdict.Corrupt _ -> {
                    return end == 0 ? Result.CORRUPT : new Result(ReadStatus.OK, buffer.limit(end));
                }
            }
        }
        return end == 0 ? Result.CORRUPT : new Result(ReadStatus.OK, buffer.limit(end));
    }
}
