package io.ackgate.gateway.runtime;

/** How long readers with nothing have found no room in the {@link ReadMemory}, which locks it. */
final class Starvation {
    private boolean lasts;

    /** Nanoseconds by the memory's clock; means something while it lasts. */
    private long since;

    /** One finds no room; nothing changes where one has found none before. */
    void begin(long now) {
        if (!lasts) {
            lasts = true;
            since = now;
        }
    }

    /** Those with nothing find room again. */
    void end() {
        lasts = false;
    }

    boolean hasLasted(long nanos, long now) {
        return lasts && now - since >= nanos;
    }
}
