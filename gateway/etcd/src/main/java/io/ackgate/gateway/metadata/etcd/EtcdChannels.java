package io.ackgate.gateway.metadata.etcd;

import io.ackgate.gateway.metadata.etcd.EtcdSettings.Tls;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection to each member of etcd, of which one is used until it fails. Any thread. */
final class EtcdChannels implements AutoCloseable {
    /** etcd ends connections that are asked more often than every 5 s. */
    private static final long KEEP_ALIVE_SECONDS = 6;

    private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 3;

    private static final long CLOSE_SECONDS = 5;

    /** A page of a list: many small values, or few of 1 MiB. */
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private final List<ManagedChannel> channels = new ArrayList<>();
    private final AtomicInteger used = new AtomicInteger();

    /**
     * Connects when it is first used.
     *
     * @param callbacks runs all that the answers bring about
     * @throws IOException if a certificate cannot be read
     */
    EtcdChannels(EtcdSettings settings, Executor callbacks) throws IOException {
        ChannelCredentials credentials = credentials(settings);
        for (String endpoint : settings.endpoints()) {
            channels.add(
                    NettyChannelBuilder.forTarget("dns:///" + endpoint, credentials)
                            .executor(callbacks)
                            // A request that was sent twice could be refused by its own effect.
                            .disableRetry()
                            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                            .build());
        }
    }

    private static ChannelCredentials credentials(EtcdSettings settings) throws IOException {
        Tls tls = settings.tls();
        if (tls == null) {
            return InsecureChannelCredentials.create();
        }
        TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
        if (tls.ca() != null) {
            credentials.trustManager(tls.ca().toFile());
        }
        if (tls.certificate() != null && tls.key() != null) {
            credentials.keyManager(tls.certificate().toFile(), tls.key().toFile());
        }
        return credentials.build();
    }

    ManagedChannel current() {
        return channels.get(used.get());
    }

    /** The next is used from now on, unless that has begun already. */
    void failed(ManagedChannel channel) {
        int index = channels.indexOf(channel);
        used.compareAndSet(index, (index + 1) % channels.size());
    }

    /** Ends all requests, and waits until they know. */
    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        try {
            for (ManagedChannel channel : channels) {
                channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }
}
