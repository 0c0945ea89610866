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
 * A read that has found its place: what is left is to read the file, which any thread may do.
 *
 * @param file of the segment
 * @param partition that the batches must be of
 * @param from where a batch begins that is at or before the one asked for, if the index is right
 * @param limit bytes of whole frames in the file
 * @param offset to be in the first batch returned
 * @param maxBytes of the frames returned, unless the first alone is larger
 * @param upTo no batch that begins here or later
 */
public record ReadPlan(
        DiskFile file,
        PartitionId partition,
        int from,
        int limit,
        long offset,
        int maxBytes,
        long upTo) {

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

    /** Reads and checks every byte that is returned. */
    public Result execute() {
        try {
            Result result = read(from);
            // The index is a hint; what it points to may be no batch at all.
            return result.status() == ReadStatus.CORRUPT && from > 0 ? read(0) : result;
        } catch (IOException e) {
            return Result.of(e);
        }
    }

    private Result read(int start) throws IOException {
        FrameWalk heads = FrameWalk.heads(file, partition, start, limit);
        while (true) {
            if (heads.look() != FrameWalk.Step.FRAME || heads.baseOffset() > offset) {
                return Result.CORRUPT;
            }
            if (heads.nextOffset() > offset) {
                return heads.baseOffset() >= upTo
                        ? Result.EMPTY
                        : readFrames(heads.position(), heads.frameLength(), heads.baseOffset());
            }
            heads.advance();
        }
    }

    private Result readFrames(int position, int firstLength, long baseOffset) throws IOException {
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
