package io.ackgate.gateway.grpc;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.produce.PartitionOrder;
import io.ackgate.gateway.produce.ProduceAnswer;
import io.ackgate.gateway.produce.Producing;
import io.ackgate.gateway.produce.SendQueue;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.shutdown.Draining;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One stream of produce requests: each is answered exactly once, in request order per partition,
 * and none of them ends the stream. Confined to the stream's event loop, to which the partitions'
 * answers come in turns.
 */
final class ProduceStreamSession {
    private final Producing producing;
    private final FlowWindow window;
    private final @Nullable CallDeadline deadline;
    private final Executor turns;
    private final MultiEmitter<? super ProduceStreamResponse> out;
    private final PartitionOrder<ProduceStreamResponse> order;
    private final SendQueue queue;

    /** What was sent and is not answered, by place in the order. */
    private final Map<PartitionOrder<ProduceStreamResponse>.Place, Cancellable> open =
            new HashMap<>();

    private boolean ended;

    /** Whether nothing that comes is taken any more. */
    private boolean closing;

    ProduceStreamSession(
            Producing producing,
            FlowWindow window,
            @Nullable CallDeadline deadline,
            Executor turns,
            MultiEmitter<? super ProduceStreamResponse> out) {
        this.producing = producing;
        this.window = window;
        this.deadline = deadline;
        this.turns = turns;
        this.out = out;
        this.order = new PartitionOrder<>(out::emit);
        this.queue = new SendQueue(turns);
    }

    /** A request has come. Whatever is thrown ends the stream: its caller would wait for ever. */
    void request(ProduceStreamRequest request) {
        if (closing) {
            return;
        }
        try {
            take(request);
        } catch (RuntimeException | Error bug) {
            closing = true;
            out.fail(GrpcStatuses.unexpected(bug));
        }
    }

    private void take(ProduceStreamRequest request) {
        long correlationId = request.getCorrelationId();
        if (!request.hasProduce()) {
            Failure missing =
                    Failure.notWritten(
                            ErrorCode.INVALID_REQUEST, "produce", "produce is not given");
            order.ready(
                    order.join(List.of()), response(correlationId, ProduceAnswer.refused(missing)));
            return;
        }
        Producing.TakenRequest taken =
                producing.take(
                        Caller.ANONYMOUS, ProduceMessages.command(request.getProduce(), deadline));
        PartitionOrder<ProduceStreamResponse>.Place place = order.join(taken.partitions());
        long bytes = taken.bytes();
        window.hold(bytes);
        // An answer comes in a later turn, when it is known what to forget.
        open.put(
                place,
                queue.send(
                        taken,
                        answer ->
                                turns.execute(
                                        () -> {
                                            open.remove(place);
                                            window.hold(-bytes);
                                            order.ready(place, response(correlationId, answer));
                                            completeIfDone();
                                        })));
    }

    /**
     * The stream is over, answered or not: nobody waits for answers any more. What was sent on is
     * written all the same; what waits behind a batch that is being opened is dropped.
     */
    void over() {
        turns.execute(
                () -> {
                    closing = true;
                    open.values().forEach(Cancellable::cancel);
                    open.clear();
                });
    }

    /** No more requests can come. Where that is not the caller's doing, the caller is told. */
    void requestsBroke(Throwable why) {
        turns.execute(
                () -> {
                    if (!out.isCancelled()) {
                        out.fail(GrpcStatuses.unexpected(why));
                    }
                });
    }

    /** No more requests will come; the answers to those that came still go out. */
    void requestsEnded() {
        ended = true;
        completeIfDone();
    }

    /**
     * Takes nothing more, and ends the stream when all is answered that was taken. What has no
     * answer then was not taken, and so not written: the end says that.
     */
    void closing() {
        turns.execute(
                () -> {
                    closing = true;
                    completeIfDone();
                });
    }

    private void completeIfDone() {
        if (order.open() > 0) {
            return;
        }
        if (ended) {
            out.complete();
        } else if (closing) {
            out.fail(
                    GrpcErrors.status(
                            Failure.notWritten(
                                    ErrorCode.NOT_LEADER_OR_FOLLOWER, "", Draining.REASON)));
        }
    }

    private static ProduceStreamResponse response(long correlationId, ProduceAnswer answer) {
        ProduceStreamResponse.Builder response =
                ProduceStreamResponse.newBuilder()
                        .setCorrelationId(correlationId)
                        .addAllReceipts(ProduceMessages.receipts(answer));
        if (answer.failure() != null) {
            response.setError(GrpcErrors.message(answer.failure()));
            // Of a request to one partition the error above says it all.
            if (answer.isPartial() || answer.refused().size() > 1) {
                response.addAllErrors(GrpcErrors.shares(answer));
            }
        }
        return response.build();
    }
}
