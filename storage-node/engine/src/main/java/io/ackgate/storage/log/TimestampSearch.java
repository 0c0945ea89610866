package io.ackgate.storage.log;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.UnreadableBatchException;
import io.ackgate.storage.api.PartitionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Finds the first record that is as young as a timestamp, in the segments as they were when the
 * search was asked for. Any thread may run it.
 */
public final class TimestampSearch {
    /**
     * What was found.
     *
     * @param offset -1 when every record is older
     */
    public record Found(long offset, long timestampMillis) {
        public static final Found NONE = new Found(-1, -1);
    }

    /**
     * A segment that may have such a record.
     *
     * @param bytes of whole frames in it
     */
    record Part(Segment segment, int bytes) {}

    private final PartitionId partition;
    private final List<Part> parts;
    private final long logStart;
    private final long timestampMillis;

    TimestampSearch(PartitionId partition, List<Part> parts, long logStart, long timestampMillis) {
        this.partition = partition;
        this.parts = List.copyOf(parts);
        this.logStart = logStart;
        this.timestampMillis = timestampMillis;
    }

    /**
     * Searches from the log start on.
     *
     * @throws IOException if the way to the record cannot be read
     */
    public Found run() throws IOException {
        for (Part part : parts) {
            if (part.segment().maxTimestamp() >= timestampMillis) {
                Found found = in(part);
                if (found.offset() >= 0) {
                    return found;
                }
            }
        }
        return Found.NONE;
    }

    private Found in(Part part) throws IOException {
        Segment segment = part.segment();
        int from = Math.min(segment.positionForTimestamp(timestampMillis), part.bytes());
        FrameWalk walk = FrameWalk.whole(segment.file(), partition, from, part.bytes());
        while (walk.look() == FrameWalk.Step.FRAME) {
            if (walk.maxTimestamp() >= timestampMillis && walk.nextOffset() > logStart) {
                return inBatch(walk, timestampMillis);
            }
            walk.advance();
        }
        if (walk.position() < part.bytes()) {
            throw new DamagedLogException(
                    "no batch at " + walk.position() + " in " + segment.path());
        }
        return Found.NONE;
    }

    private static Found inBatch(FrameWalk walk, long timestampMillis) {
        int batch = BatchFrame.batchPosition(walk.frame());
        int bytes = walk.frameLength() - BatchFrame.FRAME_HEADER_BYTES;
        ByteBuffer records = walk.buffer().slice(batch, bytes);
        try (RecordBatchReader reader =
                new RecordBatchReader(RecordBatchReader.MAX_DECOMPRESSED_BYTES)) {
            reader.resetAt(records, walk.baseOffset(), RecordBatchReader.MAX_RECORD_BYTES);
            while (reader.next()) {
                if (reader.timestampMillis() >= timestampMillis) {
                    return new Found(reader.offset(), reader.timestampMillis());
                }
            }
        } catch (UnreadableBatchException opaque) {
            // Its records cannot be read: the batch's first record is the closest offset that is
            // not too far.
            return new Found(walk.baseOffset(), walk.maxTimestamp());
        }
        return new Found(walk.baseOffset(), walk.maxTimestamp());
    }
}
