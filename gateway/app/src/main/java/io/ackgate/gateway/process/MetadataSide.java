package io.ackgate.gateway.process;

import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.etcd.EtcdMetadataStore;
import io.ackgate.gateway.metadata.etcd.EtcdSettings;
import io.ackgate.gateway.metadata.etcd.EtcdSettings.Login;
import io.ackgate.gateway.metadata.etcd.EtcdSettings.Tls;
import io.ackgate.gateway.runtime.Lease;
import io.ackgate.gateway.runtime.SoleGateway;
import io.ackgate.storage.disk.DirectoryLock;
import io.ackgate.storage.disk.FileDisk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Where the metadata rests, and the place of this gateway as the only one that uses it.
 *
 * @param store closed after the lease
 */
record MetadataSide(MetadataStore store, Lease lease) {
    /**
     * Opens it as the settings say.
     *
     * @param address host:port for clients
     * @throws IOException if another gateway uses it, or it cannot be read
     */
    static MetadataSide open(AckgateConfig config, String address) throws IOException {
        return switch (config.metadata().store()) {
            case EMBEDDED -> embedded(config, address);
            case ETCD -> etcd(config, address);
        };
    }

    private static MetadataSide embedded(AckgateConfig config, String address) throws IOException {
        Path path = config.data().dir().resolve("metadata");
        DirectoryLock lock = DirectoryLock.lock(path);
        return new MetadataSide(
                EmbeddedMetadataStore.open(
                        new FileDisk(path), lock, config.metadata().maxSize().asLongValue()),
                SoleGateway.at(address));
    }

    private static MetadataSide etcd(AckgateConfig config, String address) throws IOException {
        AckgateConfig.Etcd etcd = config.metadata().etcd();
        EtcdMetadataStore store =
                EtcdMetadataStore.open(settings(etcd), config.metadata().maxSize().asLongValue());
        try {
            return new MetadataSide(store, store.lease(address, etcd.lease()));
        } catch (IOException | RuntimeException notTaken) {
            store.close();
            throw notTaken;
        }
    }

    private static EtcdSettings settings(AckgateConfig.Etcd etcd) {
        AckgateConfig.Tls tls = etcd.tls();
        return new EtcdSettings(
                etcd.endpoints(),
                etcd.prefix(),
                etcd.user()
                        .map(user -> new Login(user, etcd.password().orElseThrow()))
                        .orElse(null),
                tls.enabled()
                        ? new Tls(
                                tls.ca().orElse(null),
                                tls.certificate().orElse(null),
                                tls.key().orElse(null))
                        : null,
                etcd.requestTimeout());
    }
}
