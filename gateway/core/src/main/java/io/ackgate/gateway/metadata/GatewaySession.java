package io.ackgate.gateway.metadata;

/** One run of a gateway process. New at every start: nobody resumes an epoch after a restart. */
public record GatewaySession(long value) {
    /** Nobody. */
    public static final GatewaySession NONE = new GatewaySession(0);

    @Override
    public String toString() {
        return this.equals(NONE) ? "none" : Long.toHexString(value);
    }
}
