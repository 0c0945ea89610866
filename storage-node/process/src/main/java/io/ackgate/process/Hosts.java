package io.ackgate.process;

import java.net.InetAddress;

/** What can be said of a host by looking at how it is written; no name is looked up. */
public final class Hosts {
    private Hosts() {}

    /** Whether only this machine reaches what listens there: 127.0.0.1, [::1], localhost. */
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.ofLiteral(withoutBrackets(host)).isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return host.equals("localhost");
        }
    }

    /**
     * Whether it stands for all addresses of a machine, like 0.0.0.0 and [::]: one can listen there
     * and nobody can be sent there.
     */
    public static boolean isWildcard(String host) {
        String plain = withoutBrackets(host);
        try {
            return InetAddress.ofLiteral(plain).isAnyLocalAddress();
        } catch (IllegalArgumentException name) {
            return plain.equals("*");
        }
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }
}
