package io.ackgate.process;

/**
 * Whether a process shows its API to whoever looks around: gRPC reflection, and Swagger UI. It
 * helps on the machine of a developer and nobody else.
 */
public enum ApiBrowsing {
    /** Only where the process listens on loopback. */
    LOOPBACK,
    /** Always. */
    ON,
    /** Never. */
    OFF;

    /**
     * Whether it is on.
     *
     * @param listen host or address that the process listens on
     */
    public boolean isOn(String listen) {
        return switch (this) {
            case LOOPBACK -> Hosts.isLoopback(listen);
            case ON -> true;
            case OFF -> false;
        };
    }
}
