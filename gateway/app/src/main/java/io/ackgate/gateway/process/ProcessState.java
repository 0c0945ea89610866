package io.ackgate.gateway.process;

import org.jspecify.annotations.Nullable;

/** What has become of this process. Any thread, at once. */
public interface ProcessState {
    /**
     * Why it can do nothing any more until it is started again: its metadata store has failed, or
     * its lease is lost. Null as long as it can.
     */
    @Nullable String failure();
}
