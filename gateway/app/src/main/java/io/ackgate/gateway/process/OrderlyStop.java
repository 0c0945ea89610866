package io.ackgate.gateway.process;

import java.time.Duration;

/** Ends what is behind the edge of this process. */
public interface OrderlyStop {
    /**
     * Waits for what is under way, then lets go of every partition; when it returns every request
     * is answered, if need be with "may have been written", and what comes after is refused.
     * Nothing happens the second time.
     *
     * @param drain how long to wait at most
     */
    void stop(Duration drain);
}
