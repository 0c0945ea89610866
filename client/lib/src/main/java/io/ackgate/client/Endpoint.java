package io.ackgate.client;

import java.util.Arrays;
import java.util.List;

/**
 * Address of a gateway.
 *
 * @param host name or address; an IPv6 address without its brackets
 * @param port 1 to 65535
 */
public record Endpoint(String host, int port) {
    /** Where a gateway in standalone mode listens. */
    public static final Endpoint DEFAULT = new Endpoint("127.0.0.1", 8080);

    private static final int MAX_PORT = 65535;

    /**
     * Reads {@code host:port}, or {@code [address]:port} for IPv6.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static Endpoint of(String text) {
        String address = text.trim();
        int colon = address.lastIndexOf(':');
        if (colon <= 0) {
            throw refused(text);
        }
        String host = address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.contains(":") || host.contains("/")) {
            throw refused(text);
        }
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            if (port >= 1 && port <= MAX_PORT && !host.isEmpty()) {
                return new Endpoint(host, port);
            }
        } catch (NumberFormatException e) {
            throw refused(text);
        }
        throw refused(text);
    }

    /** Reads a list with commas, at least one element. */
    public static List<Endpoint> listOf(String text) {
        return Arrays.stream(text.split(",", -1)).map(Endpoint::of).toList();
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is no address of a gateway; write host:port, such as " + DEFAULT);
    }

    /** As {@link #of} reads it. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
