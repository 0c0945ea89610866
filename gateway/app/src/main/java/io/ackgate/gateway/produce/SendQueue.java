package io.ackgate.gateway.produce;

import io.ackgate.gateway.runtime.Cancellable;
import java.util.concurrent.Executor;

/**
 * The requests of one stream, sent to each partition in the order in which they came, although some
 * of them have to be opened first. Those are opened at the same time, and what goes to other
 * partitions does not wait for them. Confined to the stream's event loop; what waits in all of them
 * is bounded by {@link WaitingRequests}.
 */
public final class SendQueue {
    private final Executor turns;
    private final PartitionOrder<LateSend> order = new PartitionOrder<>(LateSend::send);

    /**
     * Nothing waits.
     *
     * @param turns of the event loop
     */
    public SendQueue(Executor turns) {
        this.turns = turns;
    }

    /** Sends it off behind those before it; see {@link Producing.TakenRequest#send}. */
    public Cancellable send(Producing.TakenRequest request, AnswerListener listener) {
        if (request.isRefused() || (request.isOpen() && isNext(request))) {
            return request.send(listener);
        }
        LateSend late = request.late(listener);
        if (late.joins()) {
            PartitionOrder<LateSend>.Place place = order.join(request.partitions());
            late.open(() -> turns.execute(() -> order.ready(place, late)));
        }
        return late;
    }

    private boolean isNext(Producing.TakenRequest request) {
        return order.open() == 0 || order.isFree(request.partitions());
    }
}
