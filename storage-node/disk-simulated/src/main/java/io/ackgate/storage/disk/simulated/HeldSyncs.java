package io.ackgate.storage.disk.simulated;

import io.ackgate.storage.disk.FileDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Real files whose syncs, below one directory, stand still while a test holds them. */
public final class HeldSyncs {
    private final Path held;
    private final FileDisk disk;

    /** Syncs that were begun while they were held, with their threads. */
    private final LinkedBlockingQueue<Thread> begun = new LinkedBlockingQueue<>();

    private volatile CountDownLatch gate = new CountDownLatch(0);

    /**
     * A disk on a directory.
     *
     * @param below the directory, relative to the root, whose files' syncs can be held
     */
    public HeldSyncs(Path root, String below) throws IOException {
        held = root.resolve(below);
        disk =
                new FileDisk(
                        root,
                        100,
                        (path, how) ->
                                new WatchedChannel(
                                        FileChannel.open(path, how), () -> forced(path)));
    }

    public FileDisk disk() {
        return disk;
    }

    /** Syncs that begin from now on stand still. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    /** Lets the syncs go that stand still; later ones do not until {@link #hold}. */
    public void release() {
        gate.countDown();
    }

    /** Lets the sync go that stands still, and holds the next. */
    public void releaseOne() {
        CountDownLatch before = gate;
        hold();
        before.countDown();
    }

    /**
     * Waits for the next sync that begins while they are held.
     *
     * @return its thread, or null if none begins within 10 s
     */
    public @Nullable Thread next() throws InterruptedException {
        return begun.poll(10, TimeUnit.SECONDS);
    }

    /** Whether no sync has begun while they are held but those that {@link #next} has given. */
    public boolean noneBegun() {
        return begun.isEmpty();
    }

    private void forced(Path path) throws IOException {
        CountDownLatch now = gate;
        if (!path.startsWith(held) || now.getCount() == 0) {
            return;
        }
        begun.add(Thread.currentThread());
        try {
            now.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
