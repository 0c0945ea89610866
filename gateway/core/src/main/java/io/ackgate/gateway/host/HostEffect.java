package io.ackgate.gateway.host;

import io.ackgate.gateway.partition.PartitionEffect;

/** What a host asks of the world beyond what its partition asks. */
public sealed interface HostEffect {
    /** The partition threw: a bug. It is stopped, and tried anew after a while. */
    record Broke(String detail, Throwable cause) implements HostEffect {}

    /**
     * The partition waits for nothing more. Its requests that wait are answered, each as one of
     * which nobody knows whether it was carried out; room for reads under way is given back.
     */
    record Abandon(String detail) implements HostEffect {}

    /** The election that an operator asked for has ended. */
    record ElectionEnded(long token, ElectionOutcome outcome) implements HostEffect {}

    /** The partition is no more: the host has resigned and is to be taken away. */
    record Gone(String reason) implements HostEffect {}

    /** Takes the effects of a host and of its partition, in the order in which they come. */
    interface Taker {
        /** Takes nothing in earnest. */
        Taker NONE =
                new Taker() {
                    @Override
                    public void take(HostEffect effect) {}

                    @Override
                    public void take(PartitionEffect effect) {}
                };

        void take(HostEffect effect);

        /**
         * An effect of the partition. A {@link PartitionEffect.CompareAndSet} is answered by {@link
         * HostInput.CasEnded}; an exception is taken for a bug of the partition.
         */
        void take(PartitionEffect effect);
    }
}
