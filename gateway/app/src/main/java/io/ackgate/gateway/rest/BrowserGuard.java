package io.ackgate.gateway.rest;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells requests that a browser makes for some other site's page from those that are meant. The
 * admin API asks nobody who they are, so that any page could change topics from within the browser
 * of whoever reaches the gateway: with a form (a foreign Origin), or by a name of its own that it
 * lets point here (a foreign Host, "DNS rebinding").
 */
final class BrowserGuard {
    private static final Pattern IP = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");
    private static final Set<String> READS = Set.of("GET", "HEAD");

    private final Set<String> hosts;

    /**
     * @param hosts names, in lower case, by which this gateway is known beside the usual ones
     */
    BrowserGuard(Set<String> hosts) {
        this.hosts = hosts;
    }

    /**
     * What is wrong with a request; null if nothing is.
     *
     * @param authority host and port that it is addressed to; empty if it does not say
     * @param origin where the page stands that made it; null where none did
     * @param fetchSite the browser's own word (Sec-Fetch-Site); null from what is no browser
     */
    @Nullable String objection(
            String method, String authority, @Nullable String origin, @Nullable String fetchSite) {
        if (!isKnown(host(authority))) {
            return "the request is for the host '%s', which is none of this gateway's names: add it to ackgate.admin.hosts if it is"
                    .formatted(authority);
        }
        if (origin != null && !authority.equalsIgnoreCase(authorityOf(origin))) {
            return "a page of '%s' may not call the admin API; pages of %s may"
                    .formatted(origin, authority);
        }
        if (!READS.contains(method) && "cross-site".equals(fetchSite)) {
            return "a page of another site may not call the admin API";
        }
        return null;
    }

    private static String host(String authority) {
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        return (end <= 0 ? authority : authority.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    /**
     * Nobody can let a name without a dot, a number, or a name within a Kubernetes cluster point
     * here from outside.
     */
    private boolean isKnown(String host) {
        return !host.isEmpty()
                && (hosts.contains(host)
                        || IP.matcher(host).matches()
                        || !host.contains(".")
                        || host.endsWith(".localhost")
                        || host.endsWith(".svc")
                        || host.endsWith(".svc.cluster.local"));
    }

    /** Empty for what is no address, such as "null". */
    private static String authorityOf(String origin) {
        try {
            String authority = URI.create(origin).getAuthority();
            return authority == null ? "" : authority;
        } catch (IllegalArgumentException noAddress) {
            return "";
        }
    }
}
