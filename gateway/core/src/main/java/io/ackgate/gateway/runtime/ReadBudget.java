package io.ackgate.gateway.runtime;

/**
 * Bounds of what storage nodes are asked to read at a time, by what each read may bring. What does
 * not fit waits for its turn.
 *
 * @param fetchBytes for consumers, of one node
 * @param catchUpBytes for replicas that catch up, to one node
 * @param gatewayBytes for both, of all nodes together
 */
public record ReadBudget(long fetchBytes, long catchUpBytes, long gatewayBytes) {
    public ReadBudget {
        if (fetchBytes < 1 || catchUpBytes < 1 || gatewayBytes < 1) {
            throw new IllegalArgumentException(
                    "bytes of fetches %d, of catch-up %d and of the gateway %d must be 1 or more"
                            .formatted(fetchBytes, catchUpBytes, gatewayBytes));
        }
    }

    /** 32 MiB of fetches and 8 MiB of catch-up for each node, a sixteenth of the heap for all. */
    public static ReadBudget defaults() {
        return new ReadBudget(
                32 << 20, 8 << 20, Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 16));
    }
}
