package io.ackgate.gateway.grpc;

import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.produce.Dispatch;
import io.ackgate.gateway.produce.ProduceAnswer;
import io.ackgate.gateway.producer.ProducerIds;
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
    private final Dispatch dispatch;
    private final ProducerIds producerIds;
    private final Draining draining;

    ProducerCalls(Dispatch dispatch, ProducerIds producerIds, Draining draining) {
        this.draining = draining;
        this.dispatch = dispatch;
        this.producerIds = producerIds;
    }

    @Override
    public Uni<InitProducerResponse> initProducer(InitProducerRequest request) {
        return Uni.createFrom()
                .completionStage(producerIds::init)
                .emitOn(EventLoopTurns.current())
                .map(
                        session ->
                                InitProducerResponse.newBuilder()
                                        .setProducerId(session.producerId())
                                        .setProducerEpoch(session.producerEpoch())
                                        .build())
                .onFailure()
                .transform(why -> GrpcErrors.status(Failures.metadataSilent(why)));
    }

    @Override
    public Uni<ProduceResponse> produce(ProduceRequest request) {
        EventLoopTurns turns = EventLoopTurns.current();
        return Uni.createFrom()
                .emitter(
                        caller -> {
                            Executor failing = turns.failing(caller::fail);
                            Cancellable sent =
                                    dispatch.produce(
                                            request,
                                            answer ->
                                                    failing.execute(() -> answer(caller, answer)));
                            caller.onTermination(sent::cancel);
                        });
    }

    private static void answer(UniEmitter<? super ProduceResponse> caller, ProduceAnswer answer) {
        if (answer.failure() == null || answer.isPartial()) {
            caller.complete(
                    ProduceResponse.newBuilder()
                            .addAllReceipts(answer.receipts())
                            .addAllErrors(GrpcErrors.shares(answer))
                            .build());
        } else {
            caller.fail(GrpcErrors.status(answer.failure()));
        }
    }

    @Override
    public Multi<ProduceStreamResponse> produceStream(Multi<ProduceStreamRequest> requests) {
        FlowWindow window = FlowWindow.current();
        EventLoopTurns turns = EventLoopTurns.current();
        return Multi.createFrom()
                .emitter(
                        out -> {
                            ProduceStreamSession session =
                                    new ProduceStreamSession(
                                            dispatch, window, turns.failing(out::fail), out);
                            out.onTermination(draining.onClosing(session::closing));
                            requests.subscribe()
                                    .with(
                                            session::request,
                                            // The caller is gone: what it sent is written all the
                                            // same, and there is nobody to tell.
                                            gone -> session.callerGone(),
                                            session::requestsEnded);
                        });
    }

    @Override
    public Multi<TrackProduceResponse> trackProduce(TrackProduceRequest request) {
        EventLoopTurns turns = EventLoopTurns.current();
        return Multi.createFrom()
                .emitter(
                        out ->
                                TrackedProduce.start(
                                        dispatch, request, turns.failing(out::fail), out));
    }
}
