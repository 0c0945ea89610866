package io.ackgate.gateway.metadata.etcd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How etcd is reached.
 *
 * @param endpoints host:port of its members, one at the least
 * @param prefix that all keys of this cluster begin with, and no other's; ends with a slash
 * @param login null where etcd asks for none
 * @param tls null for connections in plain text
 * @param requestTimeout after which a request counts as unknown
 */
public record EtcdSettings(
        List<String> endpoints,
        String prefix,
        @Nullable Login login,
        @Nullable Tls tls,
        Duration requestTimeout) {
    /** A user of etcd. */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * How both ends know each other.
     *
     * @param ca certificates that etcd's is signed by, PEM; null for the system's
     * @param certificate of this gateway, PEM; null if etcd asks for none
     * @param key of that certificate, PKCS#8 in PEM; null without it
     */
    public record Tls(@Nullable Path ca, @Nullable Path certificate, @Nullable Path key) {
        public Tls {
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException(
                        "a certificate for etcd needs its key, and a key its certificate");
            }
        }
    }

    public EtcdSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("no endpoint of etcd is named: host:port");
        }
        if (!prefix.endsWith("/")) {
            throw new IllegalArgumentException(
                    "the prefix of the keys in etcd is '%s': it has to end with a slash"
                            .formatted(prefix));
        }
    }
}
