package io.ackgate.gateway.metadata.etcd;

import io.ackgate.gateway.metadata.MetadataRoom;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.etcd.EtcdReads.Listing;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of a cluster on etcd. While etcd is away every call fails as unknown after the
 * request timeout; when it is back all goes on.
 *
 * <p>What new keys may fill is counted by each gateway by what it has been told, so that several
 * gateways that write at once may pass the bound by what each has under way.
 */
public final class EtcdMetadataStore implements MetadataStore {
    private final String name;
    private final ScheduledExecutorService thread;
    private final EtcdChannels channels;
    private final EtcdCalls calls;
    private final Keys keys;
    private final EtcdReads reads;
    private final EtcdWrites writes;
    private final EtcdWatch watch;
    private volatile @Nullable String failed;

    private EtcdMetadataStore(EtcdSettings settings, long maxBytes) throws IOException {
        name = "etcd at " + String.join(",", settings.endpoints());
        thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("etcd").daemon().factory());
        channels = new EtcdChannels(settings, thread);
        calls = new EtcdCalls(channels, settings);
        keys = Keys.below(settings.prefix());
        KnownKeys known = new KnownKeys(new MetadataRoom(maxBytes));
        reads = new EtcdReads(calls, keys);
        writes = new EtcdWrites(calls, keys, reads, known);
        watch = new EtcdWatch(calls, reads, keys, known, thread);
    }

    /**
     * Reads everything that is there once. Blocks for up to the request timeout for each member of
     * etcd.
     *
     * @param maxBytes what new keys may fill
     * @throws IOException if no member of etcd answers, or this user may not read
     */
    public static EtcdMetadataStore open(EtcdSettings settings, long maxBytes) throws IOException {
        EtcdMetadataStore store = new EtcdMetadataStore(settings, maxBytes);
        IOException unreachable = null;
        for (int attempt = 0; attempt < settings.endpoints().size(); attempt++) {
            try {
                Listing everything = store.reads.list("").toCompletableFuture().join();
                CompletableFuture.runAsync(() -> store.watch.begin(everything), store.thread)
                        .join();
                return store;
            } catch (CompletionException failure) {
                Status status = Status.fromThrowable(failure);
                unreachable =
                        new IOException(
                                "%s does not answer: %s (%s)"
                                        .formatted(
                                                store.name,
                                                status.getCode(),
                                                status.getDescription()),
                                failure.getCause());
            }
        }
        store.close();
        throw unreachable == null ? new IOException("no endpoint") : unreachable;
    }

    /**
     * Takes the place of the one gateway of this cluster; the lease is closed before the store.
     * Blocks for up to the lease's time while another gateway holds it.
     *
     * @param address where clients reach this gateway, host and port
     * @param time after which another gateway may follow one that is not heard of; full seconds, 2
     *     or more
     * @throws IOException if another gateway goes on holding it, or etcd does not answer
     */
    public EtcdLease lease(String address, Duration time) throws IOException {
        return EtcdLease.take(calls, keys, thread, address, time);
    }

    @Override
    public CompletionStage<Entry> get(String key) {
        return unlessClosed(() -> reads.get(key));
    }

    @Override
    public CompletionStage<List<Entry>> list(String prefix) {
        return unlessClosed(() -> reads.list(prefix).thenApply(Listing::entries));
    }

    @Override
    public CompletionStage<Outcome> compareAndSet(String key, long expectedVersion, byte[] value) {
        return unlessClosed(() -> writes.compareAndSet(key, expectedVersion, value));
    }

    @Override
    public CompletionStage<Outcome> delete(String key, long expectedVersion) {
        return unlessClosed(() -> writes.delete(key, expectedVersion));
    }

    private <T> CompletionStage<T> unlessClosed(Supplier<CompletionStage<T>> call) {
        String reason = failed;
        return reason == null ? call.get() : CompletableFuture.failedStage(new IOException(reason));
    }

    @Override
    public AutoCloseable watch(String prefix, Consumer<Entry> listener) {
        return watch.add(prefix, listener);
    }

    @Override
    public @Nullable String failure() {
        return failed;
    }

    @Override
    public void close() {
        if (failed != null) {
            return;
        }
        failed = "the metadata store on " + name + " was closed";
        watch.close();
        channels.close();
        thread.shutdown();
    }
}
