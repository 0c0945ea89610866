package io.ackgate.storage.recovery;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.journal.FrameRef;
import io.ackgate.storage.journal.JournalScan;
import io.ackgate.storage.log.LogRecovery;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Reads frames back from the files of a scanned journal. */
final class JournalFrames implements LogRecovery.FrameSource, AutoCloseable {
    private final Disk disk;
    private final Map<Long, DiskFile> files = new HashMap<>();

    JournalFrames(Disk disk) {
        this.disk = disk;
    }

    @Override
    public ByteBuffer read(FrameRef frame) throws IOException {
        DiskFile file = files.get(frame.generation());
        if (file == null) {
            file = disk.open(JournalScan.path(frame.generation()));
            files.put(frame.generation(), file);
        }
        return FrameFile.read(file, frame);
    }

    @Override
    public void close() throws IOException {
        for (DiskFile file : files.values()) {
            file.close();
        }
    }
}
