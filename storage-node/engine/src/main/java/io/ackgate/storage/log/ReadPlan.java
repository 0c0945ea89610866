package io.ackgate.storage.log;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.storage.api.StorageAnswer.ReadStatus;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A read that has found its place: what is left is to read the file, which any thread may do.
 *
 * @param file of the segment
 * @param from where a batch begins that is at or before the one asked for, if the index is right
 * @param limit bytes of whole frames in the file
 * @param offset to be in the first batch returned
 * @param maxBytes of the frames returned, unless the first alone is larger
 * @param upTo no batch that begins here or later
 */
public record ReadPlan(DiskFile file, int from, int limit, long offset, int maxBytes, long upTo) {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /**
     * What was read.
     *
     * @param frames from position to limit
     */
    public record Result(ReadStatus status, ByteBuffer frames) {
        public static final Result CORRUPT = new Result(ReadStatus.CORRUPT, NOTHING);
        public static final Result EMPTY = new Result(ReadStatus.OK, NOTHING);
        public static final Result OUT_OF_RANGE = new Result(ReadStatus.OUT_OF_RANGE, NOTHING);
    }

    /** Reads and checks every byte that is returned. */
    public Result execute() {
        try {
            Result result = read(from);
            // The index is a hint; what it points to may be no batch at all.
            return result.status() == ReadStatus.CORRUPT && from > 0 ? read(0) : result;
        } catch (IOException unreadable) {
            return Result.CORRUPT;
        }
    }

    private Result read(int start) throws IOException {
        FrameWalk heads = FrameWalk.heads(file, start, limit);
        while (true) {
            if (heads.look() != FrameWalk.Step.FRAME || heads.baseOffset() > offset) {
                return Result.CORRUPT;
            }
            if (heads.nextOffset() > offset) {
                return heads.baseOffset() >= upTo
                        ? Result.EMPTY
                        : readFrames(heads.position(), heads.frameLength());
            }
            heads.advance();
        }
    }

    private Result readFrames(int position, int firstLength) throws IOException {
        int bytes = Math.min(limit - position, Math.max(firstLength, maxBytes));
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        buffer.limit(file.read(buffer, position)).position(0);
        int end = 0;
        while (end < buffer.limit()) {
            switch (BatchFrame.verify(buffer, end)) {
                case FrameVerdict.Ok(int length) -> {
                    if (BatchFrame.baseOffset(buffer, end) >= upTo) {
                        return new Result(ReadStatus.OK, buffer.limit(end));
                    }
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
