package io.ackgate.gateway.partition.isr;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.role.Context;

/**
 * One compare-and-set on its way to the metadata store. While its outcome is unknown it is sent
 * again, unchanged and under the same expected version: at most one of its attempts can be applied
 * (gateway/docs/adr/0002-owner-epochs.md).
 */
public final class PendingCas {
    private final Context context;
    private final long expectedVersion;
    private final PartitionState wanted;

    /** Number of the attempt that was sent last; an answer to an earlier one says nothing. */
    private long attempt;

    /** Whether the last attempt has ended and nobody knows how. */
    private boolean unknown;

    /** When it is sent again if that is so; by {@link Context#now}. */
    private long retryAt;

    /** Sends the first attempt. */
    public PendingCas(Context context, long expectedVersion, PartitionState wanted) {
        this.context = context;
        this.expectedVersion = expectedVersion;
        this.wanted = wanted;
        send();
    }

    private void send() {
        unknown = false;
        attempt = context.compareAndSet(expectedVersion, wanted);
    }

    /** The state that is stored if it is applied. */
    public PartitionState wanted() {
        return wanted;
    }

    /** Whether an answer is one to the attempt that was sent last. */
    public boolean isAnsweredBy(long answered) {
        return answered == attempt;
    }

    /** Nobody knows whether an attempt was, or will be, applied. */
    public void unknown(long answered) {
        if (isAnsweredBy(answered)) {
            unknown = true;
            retryAt = context.now + context.settings.casRetryNanos();
        }
    }

    /** Whether the last attempt is still to be answered, or to be found unknown. */
    public boolean isAwaited() {
        return !unknown;
    }

    /** Sends it again if its outcome has been unknown for long enough. */
    public void repeatIfDue() {
        if (unknown && context.now - retryAt >= 0) {
            send();
        }
    }
}
