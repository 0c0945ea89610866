package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.runtime.Cancellable;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A request that is sent once it was opened. Any thread; sent once. */
final class LateSend implements Cancellable {
    private static final Logger LOG = Logger.getLogger(LateSend.class);
    private static final Failure UNFORESEEN =
            new Failure(
                    ErrorCode.UNKNOWN_SERVER_ERROR,
                    WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                    "the gateway met something unforeseen when it sent the batch off. "
                            + ErrorCode.UNKNOWN_SERVER_ERROR.hint(),
                    "");

    private final Producing.TakenRequest order;
    private final AnswerListener listener;
    private @Nullable Cancellable sent;
    private boolean cancelled;

    LateSend(Producing.TakenRequest order, AnswerListener listener) {
        this.order = order;
        this.listener = listener;
    }

    boolean isOpen() {
        return order.isOpen();
    }

    /**
     * Sends it off, or answers that this has failed. What nobody waits for any more is written all
     * the same.
     */
    void send() {
        Cancellable now;
        try {
            now = order.send(listener);
        } catch (RuntimeException | Error bug) {
            LOG.error("a request that had waited could not be sent", bug);
            listener.answered(ProduceAnswer.refused(UNFORESEEN));
            return;
        }
        boolean dropped;
        synchronized (this) {
            sent = now;
            dropped = cancelled;
        }
        if (dropped) {
            now.cancel();
        }
    }

    @Override
    public void cancel() {
        Cancellable now;
        synchronized (this) {
            cancelled = true;
            now = sent;
        }
        if (now != null) {
            now.cancel();
        }
    }
}
