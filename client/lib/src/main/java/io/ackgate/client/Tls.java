package io.ackgate.client;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a client proves gateways, and itself, by TLS. Files are in PEM, and are read when a client is
 * made; null stands for the default. A gateway's certificate must name the host that the client
 * connects to.
 *
 * @param trusted {@code ssl.truststore.location}: certificates of who may sign a gateway's, or that
 *     certificate itself. Default whom the JVM trusts
 * @param certificate {@code ssl.keystore.location}: the client's own certificate with those up to
 *     its signer, for gateways that ask for one. Default none
 * @param key {@code ssl.key.location}: the private key to that certificate, in PKCS#8 without a
 *     password. Default the file of the certificate
 */
public record Tls(@Nullable Path trusted, @Nullable Path certificate, @Nullable Path key) {
    /** Gateways are proven by who is trusted by the JVM; the client has no certificate. */
    public static final Tls DEFAULT = new Tls(null, null, null);

    public Tls {
        if (key != null && certificate == null) {
            throw new IllegalArgumentException(
                    "there is a private key, %s, and no certificate that belongs to it"
                            .formatted(key));
        }
    }
}
