package io.ackgate.client.wire;

import io.ackgate.client.Tls;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** TLS as what connects to gateways has it, on the JDK's own implementation. */
public final class TlsContexts {
    private TlsContexts() {}

    /**
     * For gRPC.
     *
     * @throws IllegalArgumentException if a file is not there or has not what it should; the
     *     message names it
     */
    static SslContext grpc(Tls tls) {
        SslContextBuilder builder =
                GrpcSslContexts.configure(SslContextBuilder.forClient(), SslProvider.JDK);
        try {
            if (tls.trusted() != null) {
                builder.trustManager(file(tls.trusted()));
            }
            if (tls.certificate() != null) {
                File certificate = file(tls.certificate());
                builder.keyManager(certificate, tls.key() == null ? certificate : file(tls.key()));
            }
            return builder.build();
        } catch (SSLException e) {
            throw new IllegalArgumentException("no TLS with %s: %s".formatted(tls, e), e);
        }
    }

    /**
     * For HTTP.
     *
     * @throws IllegalArgumentException as {@link #grpc}
     */
    public static SSLContext http(Tls tls) {
        return ((JdkSslContext) grpc(tls)).context();
    }

    private static File file(Path path) {
        if (!Files.isReadable(path)) {
            throw new IllegalArgumentException(
                    "%s cannot be read; name a file in PEM".formatted(path.toAbsolutePath()));
        }
        return path.toFile();
    }
}
