package io.ackgate.gateway.ownership;

import io.ackgate.gateway.partition.PartitionEvent;
import org.jspecify.annotations.Nullable;

/** Tells why a partition is offline, once for each reason, however often it is tried again. */
public final class OfflineNotice {
    private @Nullable String told;

    /** The event to tell; null if that reason was the last one told. */
    public PartitionEvent.@Nullable Offline because(String reason) {
        if (reason.equals(told)) {
            return null;
        }
        told = reason;
        return new PartitionEvent.Offline(reason);
    }

    /** A gateway serves the partition: what comes next is news again. */
    public void over() {
        told = null;
    }
}
