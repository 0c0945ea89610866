package io.ackgate.storage.recovery;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.log.LogFolder;
import io.ackgate.storage.log.LogRecovery;
import io.ackgate.storage.log.LogRecovery.CorruptLogException;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One log that is opened at a start: first its files are brought to what checkpoint and journal
 * say, then they are synced, side by side with those of others. What goes wrong is kept for whoever
 * asks for the log.
 */
final class OpenedLog implements Runnable {
    private final ReplicaFold fold;
    private final String directory;
    private @Nullable LogRecovery recovery;
    private @Nullable IOException unreadable;
    private @Nullable CorruptLogException corrupt;

    private OpenedLog(ReplicaFold fold, String directory) {
        this.fold = fold;
        this.directory = directory;
    }

    /**
     * Brings the files of a log to what they have to be; they are not durable yet.
     *
     * @param tails see {@link Recovery.Directories#tails}
     */
    static OpenedLog recover(
            ReplicaFold fold,
            LogFolder folder,
            String tails,
            JournalFrames journal,
            long nowMillis) {
        OpenedLog opened = new OpenedLog(fold, folder.directory());
        Disk disk = folder.disk();
        try (TailFiles tail = fold.takeTail(disk, tails)) {
            opened.recovery =
                    LogRecovery.recover(
                            folder, fold.expectedLog(), tail == null ? journal : tail, nowMillis);
        } catch (CorruptLogException e) {
            opened.corrupt = e;
        } catch (IOException e) {
            opened.unreadable = e;
        }
        return opened;
    }

    ReplicaFold fold() {
        return fold;
    }

    String directory() {
        return directory;
    }

    /** Makes it durable, from any thread. */
    @Override
    public void run() {
        try {
            if (recovery != null && unreadable == null) {
                recovery.sync();
            }
        } catch (IOException e) {
            unreadable = e;
        }
    }

    /**
     * The log, which is durable up to its end.
     *
     * @throws CorruptLogException if what was durable is not there as it was
     * @throws IOException if the disk has failed, or is too full to write again what was torn
     */
    PartitionLog log() throws IOException, CorruptLogException {
        if (corrupt != null) {
            throw corrupt;
        }
        if (unreadable != null || recovery == null) {
            throw unreadable == null ? new IOException("not recovered") : unreadable;
        }
        return recovery.log();
    }
}
