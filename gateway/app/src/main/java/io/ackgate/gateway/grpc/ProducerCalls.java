package io.ackgate.gateway.grpc;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.produce.ProduceAnswer;
import io.ackgate.gateway.produce.ProducerSessions;
import io.ackgate.gateway.produce.Producing;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.shutdown.Draining;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceResponse;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerService;
import io.ackgate.v1.TrackProduceRequest;
import io.ackgate.v1.TrackProduceResponse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.concurrent.Executor;

/** Writes records. */
final class ProducerCalls implements ProducerService {
    private final Producing producing;
    private final ProducerSessions sessions;
    private final Draining draining;

    ProducerCalls(Producing producing, ProducerSessions sessions, Draining draining) {
        this.draining = draining;
        this.producing = producing;
        this.sessions = sessions;
    }

    @Override
    public Uni<InitProducerResponse> initProducer(InitProducerRequest request) {
        return sessions.init(Caller.ANONYMOUS)
                .emitOn(EventLoopTurns.current())
                .map(
                        session ->
                                InitProducerResponse.newBuilder()
                                        .setProducerId(session.producerId())
                                        .setProducerEpoch(session.producerEpoch())
                                        .build());
    }

    @Override
    public Uni<ProduceResponse> produce(ProduceRequest request) {
        EventLoopTurns turns = EventLoopTurns.current();
        CallDeadline deadline = CallDeadline.current();
        return Uni.createFrom()
                .emitter(
                        caller -> {
                            Executor failing = turns.failing(caller::fail);
                            Cancellable sent =
                                    producing.produce(
                                            Caller.ANONYMOUS,
                                            ProduceMessages.command(request, deadline),
                                            answer ->
                                                    failing.execute(() -> answer(caller, answer)));
                            caller.onTermination(sent::cancel);
                        });
    }

    private static void answer(UniEmitter<? super ProduceResponse> caller, ProduceAnswer answer) {
        if (answer.failure() == null || answer.isPartial()) {
            caller.complete(
                    ProduceResponse.newBuilder()
                            .addAllReceipts(ProduceMessages.receipts(answer))
                            .addAllErrors(GrpcErrors.shares(answer))
                            .build());
        } else {
            caller.fail(GrpcErrors.status(answer.failure()));
        }
    }

    @Override
    public Multi<ProduceStreamResponse> produceStream(Multi<ProduceStreamRequest> requests) {
        FlowWindow window = FlowWindow.current();
        CallDeadline deadline = CallDeadline.current();
        EventLoopTurns turns = EventLoopTurns.current();
        return Multi.createFrom()
                .emitter(
                        out -> {
                            ProduceStreamSession session =
                                    new ProduceStreamSession(
                                            producing,
                                            window,
                                            deadline,
                                            turns.failing(out::fail),
                                            out);
                            Runnable forget = draining.onClosing(session::closing);
                            out.onTermination(
                                    () -> {
                                        forget.run();
                                        session.over();
                                    });
                            requests.subscribe()
                                    .with(
                                            session::request,
                                            session::requestsBroke,
                                            session::requestsEnded);
                        });
    }

    @Override
    public Multi<TrackProduceResponse> trackProduce(TrackProduceRequest request) {
        EventLoopTurns turns = EventLoopTurns.current();
        CallDeadline deadline = CallDeadline.current();
        return Multi.createFrom()
                .emitter(
                        out ->
                                TrackedProduce.start(
                                        producing,
                                        request,
                                        deadline,
                                        turns.failing(out::fail),
                                        out));
    }
}
