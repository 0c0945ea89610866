package io.ackgate.gateway.metadata.embedded;

import io.ackgate.gateway.loop.SafeLog;
import io.ackgate.gateway.loop.SerialLoop;
import io.ackgate.gateway.metadata.MetadataRoom;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.storage.disk.DirectoryLock;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.FileDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A metadata store in one directory, for one process. What it has answered is durable.
 *
 * <p>A failed sync leaves unknown what the disk holds: the store then answers everything with an
 * error, and only opening it again tells. A full disk only fails what was under way.
 *
 * <p>Stages complete, and watches are called, on the store's own thread: return at once, and never
 * wait there for another of its stages.
 */
public final class EmbeddedMetadataStore implements MetadataStore {
    /** What new keys fill unless another bound is given, bytes. */
    public static final long DEFAULT_MAX_BYTES = 128 << 20;

    /** Operations of one group, and so of one sync. */
    private static final int MAX_GROUP = 4_096;

    /** A group takes up nothing more once its values have so many bytes. */
    private static final int MAX_GROUP_BYTES = 16 << 20;

    private static final String CLOSED = "the metadata store is closed";

    private static final SafeLog LOG = new SafeLog(EmbeddedMetadataStore.class.getName());

    private final QueueRoom room = new QueueRoom();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final Entries entries;
    private final MetadataLog log;
    private final AutoCloseable lock;
    private final SerialLoop<Operation<?>> loop;

    /** Version of the newest change that is durable. */
    private volatile long storedVersion;

    /** Why nothing can be done any more; null as long as it can. */
    private volatile @Nullable String failed;

    /** No record: two watches of the same listener are two. */
    private static final class Watch {
        final String prefix;

        /** What was stored before, and may have been answered before, is not told. */
        final long afterVersion;

        final Consumer<Entry> listener;

        Watch(String prefix, long afterVersion, Consumer<Entry> listener) {
            this.prefix = prefix;
            this.afterVersion = afterVersion;
            this.listener = listener;
        }
    }

    private EmbeddedMetadataStore(MetadataLog.Opened opened, Entries entries, AutoCloseable lock) {
        this.log = opened.log();
        this.entries = entries;
        this.lock = lock;
        this.loop = new SerialLoop<>("ackgate-metadata", new Turns(), MAX_GROUP);
    }

    /**
     * Opens the store in a directory, or makes an empty one, and keeps every other process out.
     *
     * @throws CorruptMetadataException if the log is damaged other than by a torn last write
     * @throws IOException if the directory is in use, or cannot be read or written
     */
    public static EmbeddedMetadataStore open(Path directory) throws IOException {
        DirectoryLock lock = DirectoryLock.lock(directory);
        try {
            return open(new FileDisk(directory), lock);
        } catch (IOException | RuntimeException notOpened) {
            lock.close();
            throw notOpened;
        }
    }

    /** As below, with {@link #DEFAULT_MAX_BYTES}. */
    public static EmbeddedMetadataStore open(Disk disk, AutoCloseable lock) throws IOException {
        return open(disk, lock, DEFAULT_MAX_BYTES);
    }

    /**
     * Opens the store in a directory of {@code disk}, or makes an empty one.
     *
     * @param lock closed with the store: what keeps other processes out of the directory
     * @param maxBytes what new keys may fill in memory, keys, values and what holds them
     * @throws CorruptMetadataException if the log is damaged other than by a torn last write
     */
    public static EmbeddedMetadataStore open(Disk disk, AutoCloseable lock, long maxBytes)
            throws IOException {
        Entries entries = new Entries(new MetadataRoom(maxBytes));
        MetadataLog.Opened opened = MetadataLog.open(disk, entries.committed());
        entries.startAt(opened.nextVersion());
        if (opened.bytesCut() > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cut %d bytes of a write that a crash has torn off the metadata log; nobody was"
                                    .formatted(opened.bytesCut())
                            + " told that they were stored",
                    null);
        }
        EmbeddedMetadataStore store = new EmbeddedMetadataStore(opened, entries, lock);
        store.loop.start();
        return store;
    }

    @Override
    public CompletionStage<Entry> get(String key) {
        return submit(new Operation<>(0, now -> now.get(key)));
    }

    @Override
    public CompletionStage<List<Entry>> list(String prefix) {
        return submit(new Operation<>(0, now -> now.list(prefix)));
    }

    @Override
    public CompletionStage<Outcome> compareAndSet(String key, long expectedVersion, byte[] value) {
        MetadataRoom.requireStorable(key, value);
        byte[] mine = value.clone();
        return submit(
                new Operation<>(mine.length, now -> now.compareAndSet(key, expectedVersion, mine)));
    }

    @Override
    public CompletionStage<Outcome> delete(String key, long expectedVersion) {
        return submit(new Operation<>(0, now -> now.delete(key, expectedVersion)));
    }

    @Override
    public AutoCloseable watch(String prefix, Consumer<Entry> listener) {
        Watch watch = new Watch(prefix, storedVersion, listener);
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    private <T> CompletionStage<T> submit(Operation<T> operation) {
        String reason = failed;
        if (reason != null) {
            operation.fail(new IOException(reason));
        } else if (!room.take(operation.bytes)) {
            operation.fail(
                    new IOException(
                            "the metadata store has %d operations waiting, or %d bytes of them; try again"
                                    .formatted(QueueRoom.MAX_COUNT, QueueRoom.MAX_BYTES)));
        } else if (!loop.put(operation)) {
            operation.fail(new IOException(failed));
        }
        return operation.stage;
    }

    /** What has come since the last turn makes one group, or more if it is much. */
    private final class Turns implements SerialLoop.Turns<Operation<?>> {
        private final List<Operation<?>> group = new ArrayList<>();
        private long groupBytes;

        @Override
        public void begin() {}

        @Override
        public void run(Operation<?> operation) {
            room.giveBack(operation.bytes);
            group.add(operation);
            groupBytes += operation.bytes;
            if (groupBytes >= MAX_GROUP_BYTES) {
                end();
            }
        }

        @Override
        public void end() {
            if (group.isEmpty()) {
                return;
            }
            try {
                carryOut(group);
            } catch (RuntimeException | Error bug) {
                fail("the metadata store is broken: " + bug);
                group.forEach(operation -> operation.fail(bug));
                LOG.log(System.Logger.Level.ERROR, "the metadata store is broken", bug);
            } finally {
                group.clear();
                groupBytes = 0;
                if (failed != null) {
                    loop.stop();
                }
            }
        }

        @Override
        public long idleNanos() {
            return Long.MAX_VALUE;
        }

        @Override
        public void refuse(Operation<?> late) {
            late.fail(new IOException(failed));
        }

        @Override
        public void ended() {
            shut();
        }
    }

    private void carryOut(List<Operation<?>> group) {
        group.forEach(operation -> operation.evaluate(entries));
        List<Change> changes = entries.changes();
        if (!changes.isEmpty()) {
            try {
                log.append(changes.stream().map(Change::encode).toList());
            } catch (MetadataLog.NotWrittenException notWritten) {
                entries.rollBack();
                group.forEach(operation -> operation.fail(notWritten));
                LOG.log(System.Logger.Level.WARNING, "metadata was not written", notWritten);
                return;
            } catch (IOException unknown) {
                entries.rollBack();
                fail("metadata could not be synced (" + unknown.getMessage() + "): start again");
                group.forEach(operation -> operation.fail(unknown));
                LOG.log(System.Logger.Level.ERROR, "metadata could not be synced", unknown);
                return;
            }
        }
        entries.commit();
        storedVersion = entries.nextVersion() - 1;
        group.forEach(Operation::complete);
        changes.forEach(this::tell);
        compactIfWorthIt();
    }

    private void tell(Change change) {
        Entry entry =
                new Entry(
                        change.key(),
                        change.deletion() ? ABSENT : change.version(),
                        change.value());
        for (Watch watch : watches) {
            if (change.version() > watch.afterVersion && change.key().startsWith(watch.prefix)) {
                try {
                    watch.listener.accept(entry);
                } catch (RuntimeException bug) {
                    LOG.log(System.Logger.Level.ERROR, "a metadata watch failed", bug);
                }
            }
        }
    }

    private void compactIfWorthIt() {
        if (!log.isWorthCompacting()) {
            return;
        }
        try {
            log.compact(entries.committed().values(), entries.nextVersion());
        } catch (MetadataLog.NotWrittenException later) {
            LOG.log(System.Logger.Level.WARNING, "the metadata log was not compacted", later);
        } catch (IOException unknown) {
            fail("metadata could not be compacted (" + unknown.getMessage() + "): start again");
            LOG.log(System.Logger.Level.ERROR, "metadata could not be compacted", unknown);
        }
    }

    private void fail(String reason) {
        if (failed == null) {
            failed = reason;
        }
    }

    private void shut() {
        try (lock) {
            if (CLOSED.equals(failed)) {
                log.closeInGoodOrder();
            } else {
                log.close();
            }
        } catch (Exception notClosed) {
            LOG.log(System.Logger.Level.WARNING, "the metadata store did not close", notClosed);
        }
    }

    @Override
    public @Nullable String failure() {
        return failed;
    }

    /** Finishes what was asked for before, fails what is asked for afterwards. */
    @Override
    public void close() {
        Operation<Entries> last =
                new Operation<>(
                        0,
                        now -> {
                            fail(CLOSED);
                            return now;
                        });
        // Whoever closes the store waits for its end, and so there is always room for that.
        room.takeAnyhow();
        loop.put(last);
        if (loop.isLoopThread()) {
            return;
        }
        try {
            loop.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while closing"));
        }
    }
}
