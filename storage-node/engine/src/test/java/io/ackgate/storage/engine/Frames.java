package io.ackgate.storage.engine;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Frames for tests. */
final class Frames {
    private Frames() {}

    /** A frame with one record of this value. */
    static ByteBuffer of(PartitionId partition, long baseOffset, int epoch, String value) {
        return builder(partition, baseOffset, epoch, 0, value).stamp();
    }

    /** Starts a frame that differs from the plain one. */
    static Draft builder(
            PartitionId partition, long baseOffset, int epoch, long timestamp, String... values) {
        return new Draft(partition, baseOffset, epoch, timestamp, values);
    }

    /** A frame in the making. */
    static final class Draft {
        private final PartitionId partition;
        private final long baseOffset;
        private final int epoch;
        private long appendMillis;
        private final RecordBatchBuilder builder = new RecordBatchBuilder(1 << 10, 1 << 20);

        private Draft(
                PartitionId partition,
                long baseOffset,
                int epoch,
                long timestamp,
                String... values) {
            this.partition = partition;
            this.baseOffset = baseOffset;
            this.epoch = epoch;
            for (int i = 0; i < values.length; i++) {
                builder.append(timestamp + i, null, values[i].getBytes(StandardCharsets.UTF_8));
            }
        }

        Draft producer(long id, int producerEpoch, int sequence) {
            builder.producer(id, (short) producerEpoch, sequence);
            return this;
        }

        /** When the owner appends it; 0 unless it matters. */
        Draft appendedAt(long millis) {
            appendMillis = millis;
            return this;
        }

        ByteBuffer stamp() {
            ByteBuffer frame = builder.buildWithHeadRoom();
            BatchFrame.stampInPlace(
                    frame,
                    partition.topic().high(),
                    partition.topic().low(),
                    partition.partition(),
                    baseOffset,
                    epoch,
                    appendMillis);
            return frame;
        }
    }

    /** The frames in a buffer, each as text that tells it from every other. */
    static List<String> identities(ByteBuffer frames) {
        List<String> found = new ArrayList<>();
        int at = frames.position();
        while (at < frames.limit()) {
            found.add(identity(frames, at));
            at += BatchFrame.frameLength(frames, at);
        }
        return found;
    }

    static String identity(ByteBuffer frame, int at) {
        return "%d@%d#%08x"
                .formatted(
                        BatchFrame.leaderEpoch(frame, at),
                        BatchFrame.baseOffset(frame, at),
                        BatchFrame.frameCrc(frame, at));
    }
}
