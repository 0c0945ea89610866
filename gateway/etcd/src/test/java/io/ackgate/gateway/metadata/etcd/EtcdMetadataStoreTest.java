package io.ackgate.gateway.metadata.etcd;

import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What every metadata store does, on a real etcd. */
class EtcdMetadataStoreTest extends MetadataStoreContract {
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    @TempDir private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static EtcdProcess etcd;

    @BeforeAll
    static void startEtcd() throws Exception {
        etcd = EtcdProcess.start(directory);
    }

    @AfterAll
    static void stopEtcd() throws Exception {
        if (etcd != null) {
            etcd.close();
        }
    }

    @Override
    protected MetadataStore open() throws Exception {
        return openBounded(64 << 20);
    }

    @Override
    protected MetadataStore openBounded(long maxBytes) throws Exception {
        String prefix = "/test-" + PREFIXES.getAndIncrement() + "/";
        return EtcdMetadataStore.open(
                new EtcdSettings(
                        List.of(etcd.endpoint()), prefix, null, null, Duration.ofSeconds(10)),
                maxBytes);
    }
}
