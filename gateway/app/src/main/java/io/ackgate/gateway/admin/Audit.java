package io.ackgate.gateway.admin;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One line for each request that changes what an administrator looks after, or would have: what,
 * from where, and how it ended. Who it was is not known, since nobody is asked.
 */
public final class Audit {
    private static final Logger LOG = Logger.getLogger("io.ackgate.audit");

    private Audit() {}

    /**
     * Writes the line.
     *
     * @param what without line breaks
     * @param from the caller's address; null if it is not known
     */
    public static void ended(String what, @Nullable String from, String outcome) {
        LOG.infof("%s from %s: %s", what, from == null ? "unknown" : from, outcome);
    }
}
