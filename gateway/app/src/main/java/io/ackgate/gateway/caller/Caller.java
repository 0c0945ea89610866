package io.ackgate.gateway.caller;

/**
 * On whose behalf something is asked for. It is the first argument of every door of the edge, so
 * that what a caller may do can be decided there.
 *
 * @param name what the caller is called in logs and rules
 */
public record Caller(String name) {
    /** A caller of which nothing is known: every one, as long as there is no authentication. */
    public static final Caller ANONYMOUS = new Caller("anonymous");
}
