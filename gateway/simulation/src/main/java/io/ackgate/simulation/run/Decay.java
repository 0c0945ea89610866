package io.ackgate.simulation.run;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.simulated.FlipTarget;
import io.ackgate.storage.disk.simulated.Flipped;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;

/** Where bits may flip. */
final class Decay {
    private static final String PARTITIONS = "partitions";
    private static final String LOG = ".log";

    private Decay() {}

    /**
     * A flip in the last thing written to a file cannot be told from a write that was torn: no
     * checksum can help, and nobody promises that it is noticed before the log has been cut there.
     * All that has something after it may be hit.
     */
    static int flippable(String path, int durableSize) {
        return Math.max(0, durableSize - 2_048);
    }

    /**
     * All that a log has in segments that have another one behind them: whatever is wrong there is
     * rot, and can be nothing else.
     */
    static FlipTarget closedSegments(SimDisk disk, PartitionId partition) {
        String directory = directory(disk, partition);
        String last =
                list(disk, directory).stream()
                        .filter(name -> name.endsWith(LOG))
                        .max(Comparator.naturalOrder())
                        .orElse("");
        return (path, durableSize) ->
                path.startsWith(directory + "/") && path.endsWith(LOG) && !path.endsWith("/" + last)
                        ? durableSize
                        : 0;
    }

    /**
     * Whether the batch in which a bit has flipped is whole: it was written again since, or the bit
     * was part of a torn write.
     */
    static boolean isWhole(SimDisk disk, Flipped where) {
        ByteBuffer bytes = look(disk, () -> read(disk, where.path()));
        int position = 0;
        while (position <= where.position()) {
            if (!(BatchFrame.verify(bytes, position) instanceof FrameVerdict.Ok)) {
                return false;
            }
            position += BatchFrame.frameLength(bytes, position);
        }
        return true;
    }

    private static ByteBuffer read(SimDisk disk, String path) throws IOException {
        try (DiskFile file = disk.open(path)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            return bytes.flip();
        }
    }

    /** Of the log that a replica was given last. */
    private static String directory(SimDisk disk, PartitionId partition) {
        return list(disk, PARTITIONS).stream()
                .filter(name -> name.startsWith(partition + "."))
                .max(Comparator.comparingLong(Decay::serial))
                .map(name -> PARTITIONS + "/" + name)
                .orElse("none");
    }

    private static long serial(String directory) {
        return Long.parseLong(directory.substring(directory.lastIndexOf('.') + 1));
    }

    private static List<String> list(SimDisk disk, String directory) {
        return look(disk, () -> disk.list(directory));
    }

    private interface Look<T> {
        T at() throws IOException;
    }

    private static <T> T look(SimDisk disk, Look<T> look) {
        return disk.lookedAt(
                () -> {
                    try {
                        return look.at();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }
}
