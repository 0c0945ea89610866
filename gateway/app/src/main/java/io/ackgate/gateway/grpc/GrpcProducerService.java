package io.ackgate.gateway.grpc;

import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.grpc.binding.MalformedRequests;
import io.ackgate.gateway.grpc.binding.ServiceBinding;
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
import io.ackgate.v1.ProducerServiceGrpc;
import io.ackgate.v1.TrackProduceRequest;
import io.ackgate.v1.TrackProduceResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.quarkus.grpc.RegisterInterceptor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.concurrent.Executor;

/** Writes records. */
@GrpcService
@RegisterInterceptor(StreamFlow.class)
@RegisterInterceptor(MalformedRequests.class)
public class GrpcProducerService implements BindableService {
    private final Dispatch dispatch;
    private final ProducerIds producerIds;
    private final Draining draining;

    GrpcProducerService(Dispatch dispatch, ProducerIds producerIds, Draining draining) {
        this.draining = draining;
        this.dispatch = dispatch;
        this.producerIds = producerIds;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return new ServiceBinding(ProducerServiceGrpc.getServiceDescriptor())
                .unary(ProducerServiceGrpc.getInitProducerMethod(), this::initProducer)
                .unary(ProducerServiceGrpc.getProduceMethod(), this::produce)
                .bidiStream(ProducerServiceGrpc.getProduceStreamMethod(), this::produceStream)
                .serverStream(ProducerServiceGrpc.getTrackProduceMethod(), this::trackProduce)
                .build();
    }

    private Uni<InitProducerResponse> initProducer(InitProducerRequest request) {
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

    private Uni<ProduceResponse> produce(ProduceRequest request) {
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

    private Multi<ProduceStreamResponse> produceStream(Multi<ProduceStreamRequest> requests) {
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

    private Multi<TrackProduceResponse> trackProduce(TrackProduceRequest request) {
        EventLoopTurns turns = EventLoopTurns.current();
        return Multi.createFrom()
                .emitter(
                        out ->
                                TrackedProduce.start(
                                        dispatch, request, turns.failing(out::fail), out));
    }
}
