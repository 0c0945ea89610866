package io.ackgate.storage.log;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.UnreadableBatchException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Finds the first record that is as young as a timestamp. */
public final class TimestampSearch {
    /** What one batch may decompress to while it is searched, bytes. */
    private static final int MAX_DECOMPRESSED_BYTES = 64 << 20;

    /**
     * What was found.
     *
     * @param offset -1 when every record is older
     */
    public record Found(long offset, long timestampMillis) {
        public static final Found NONE = new Found(-1, -1);
    }

    private TimestampSearch() {}

    /**
     * Searches a log from its start.
     *
     * @throws IOException if the way to the record cannot be read
     */
    public static Found in(PartitionLog log, long timestampMillis) throws IOException {
        for (Segment segment : log.segments()) {
            if (segment.bytes() > 0 && segment.maxTimestamp() >= timestampMillis) {
                Found found = in(segment, log, timestampMillis);
                if (found.offset() >= 0) {
                    return found;
                }
            }
        }
        return Found.NONE;
    }

    private static Found in(Segment segment, PartitionLog log, long timestampMillis)
            throws IOException {
        int from = segment.index().positionForTimestamp(timestampMillis);
        FrameWalk walk = FrameWalk.whole(segment.file(), log.partition(), from, segment.bytes());
        while (walk.look() == FrameWalk.Step.FRAME) {
            if (walk.maxTimestamp() >= timestampMillis && walk.nextOffset() > log.logStart()) {
                return inBatch(walk, timestampMillis);
            }
            walk.advance();
        }
        if (walk.position() < segment.bytes()) {
            throw new DamagedLogException(
                    "no batch at " + walk.position() + " in " + segment.path());
        }
        return Found.NONE;
    }

    private static Found inBatch(FrameWalk walk, long timestampMillis) {
        int batch = BatchFrame.batchPosition(walk.frame());
        int bytes = walk.frameLength() - BatchFrame.FRAME_HEADER_BYTES;
        ByteBuffer records = walk.buffer().slice(batch, bytes);
        try {
            RecordBatchReader reader = new RecordBatchReader(MAX_DECOMPRESSED_BYTES);
            reader.reset(records);
            while (reader.next()) {
                if (reader.timestampMillis() >= timestampMillis) {
                    return new Found(reader.offset(), reader.timestampMillis());
                }
            }
        } catch (UnreadableBatchException opaque) {
            // Compressed by something that is not at hand here: the batch's first record is the
            // closest offset that is not too far.
            return new Found(walk.baseOffset(), walk.maxTimestamp());
        }
        return new Found(walk.baseOffset(), walk.maxTimestamp());
    }
}
