package io.ackgate.replication.client;

import java.net.InetSocketAddress;

/**
 * Where a storage node listens.
 *
 * @param host name or address
 * @param port 1 to 65535
 */
public record NodeAddress(String host, int port) {
    /** Looks the name up; blocks while doing so. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
