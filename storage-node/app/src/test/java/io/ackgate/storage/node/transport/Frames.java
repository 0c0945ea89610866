package io.ackgate.storage.node.transport;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Frames of one record, as an owner would send them. */
public final class Frames {
    private Frames() {}

    /** A frame whose only record has this value. */
    public static ByteBuffer frame(PartitionId partition, long offset, int epoch, byte[] value) {
        RecordBatchBuilder builder = new RecordBatchBuilder(value.length + 100, 64 << 20);
        builder.append(1_700_000_000_000L + offset, null, value);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(
                frame,
                partition.topic().high(),
                partition.topic().low(),
                partition.partition(),
                offset,
                epoch,
                6);
        return frame;
    }

    /** A frame of about so many bytes, different for each offset. */
    public static ByteBuffer frame(PartitionId partition, long offset, int epoch, int bytes) {
        byte[] value = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            value[i] = (byte) (offset * 31 + i);
        }
        return frame(partition, offset, epoch, value);
    }

    /** A small frame. */
    public static ByteBuffer frame(PartitionId partition, long offset, int epoch) {
        return frame(
                partition, offset, epoch, ("record at " + offset).getBytes(StandardCharsets.UTF_8));
    }
}
