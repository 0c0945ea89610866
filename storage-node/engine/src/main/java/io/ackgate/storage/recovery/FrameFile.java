package io.ackgate.storage.recovery;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.journal.FrameRef;
import io.ackgate.storage.log.DamagedLogException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reading a frame again that was found in a file. */
final class FrameFile {
    private FrameFile() {}

    /**
     * Reads a frame.
     *
     * @throws DamagedLogException if it is not the one that was found there
     */
    static ByteBuffer read(DiskFile file, FrameRef frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(frame.length());
        file.read(bytes, frame.position());
        bytes.flip();
        boolean same =
                bytes.limit() == frame.length()
                        && BatchFrame.verify(bytes, 0) instanceof FrameVerdict.Ok
                        && BatchFrame.frameCrc(bytes, 0) == frame.frameCrc();
        if (!same) {
            throw new DamagedLogException(
                    "the journal's batch of offset %d reads otherwise than before"
                            .formatted(frame.baseOffset()));
        }
        return bytes;
    }
}
