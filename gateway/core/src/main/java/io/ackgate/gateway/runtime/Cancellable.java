package io.ackgate.gateway.runtime;

/** A request under way. Any thread. */
public interface Cancellable {
    /**
     * Nobody waits for the answer any more: the request leaves its place, and its listener is told
     * nothing unless the answer is on its way already. A batch that was sent is written all the
     * same. Nothing happens once the request is answered.
     */
    void cancel();
}
