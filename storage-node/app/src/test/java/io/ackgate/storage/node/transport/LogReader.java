package io.ackgate.storage.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;

/** Reads a replica from end to end and holds every frame against what was sent. */
public final class LogReader {
    private LogReader() {}

    /**
     * Fences and reconciles the replica, then reads it: every frame is whole, at its offset, and
     * the one that {@link Frames} makes for this offset, so that nothing is lost, repeated or out
     * of place.
     *
     * @return the log end offset
     */
    public static long verify(
            TestGateway gateway, NodeId node, PartitionId partition, int epoch, int frameBytes)
            throws InterruptedException {
        long end = gateway.reconcileAgain(node, partition, epoch).logEnd();
        long offset = 0;
        while (offset < end) {
            StorageAnswer.Records records =
                    gateway.ask(
                            node,
                            new StorageRequest.Read(
                                    partition, epoch, offset, offset, 1 << 20, Long.MAX_VALUE),
                            StorageAnswer.Records.class);
            assertEquals(StorageAnswer.ReadStatus.OK, records.status());
            ByteBuffer frames = records.frames();
            assertTrue(frames.hasRemaining(), "nothing at " + offset + " of " + end);
            while (frames.hasRemaining()) {
                FrameVerdict.Ok ok =
                        assertInstanceOf(
                                FrameVerdict.Ok.class,
                                BatchFrame.verify(frames, frames.position()));
                int origin = BatchFrame.leaderEpoch(frames, frames.position());
                ByteBuffer frame = frames.slice(frames.position(), ok.frameLength());
                assertEquals(Frames.frame(partition, offset, origin, frameBytes), frame);
                frames.position(frames.position() + ok.frameLength());
                offset++;
            }
        }
        assertEquals(end, offset);
        return end;
    }
}
