package io.ackgate.gateway.grpc;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.ProduceStep;
import io.ackgate.gateway.produce.AnswerListener;
import io.ackgate.gateway.produce.ProduceAnswer;
import io.ackgate.gateway.produce.Producing;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.v1.BatchAccepted;
import io.ackgate.v1.BatchCommitted;
import io.ackgate.v1.ReplicaPersisted;
import io.ackgate.v1.TrackProduceRequest;
import io.ackgate.v1.TrackProduceResponse;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One batch that tells where it is. */
final class TrackedProduce implements AnswerListener {
    private final long startNanos = System.nanoTime();
    private final Executor turns;
    private final MultiEmitter<? super TrackProduceResponse> out;

    private TrackedProduce(Executor turns, MultiEmitter<? super TrackProduceResponse> out) {
        this.turns = turns;
        this.out = out;
    }

    static void start(
            Producing producing,
            TrackProduceRequest request,
            @Nullable CallDeadline deadline,
            Executor turns,
            MultiEmitter<? super TrackProduceResponse> out) {
        TrackedProduce tracked = new TrackedProduce(turns, out);
        if (request.hasProduce()) {
            Cancellable sent =
                    producing.produce(
                            Caller.ANONYMOUS,
                            ProduceMessages.command(request.getProduce(), deadline),
                            tracked);
            out.onTermination(sent::cancel);
        } else {
            Failure missing =
                    Failure.notWritten(
                            ErrorCode.INVALID_REQUEST, "produce", "produce is not given");
            tracked.answered(ProduceAnswer.refused(missing));
        }
    }

    @Override
    public boolean wantsProgress() {
        return true;
    }

    @Override
    public void progress(ProduceStep step) {
        TrackProduceResponse.Builder response = now();
        switch (step) {
            case ProduceStep.Queued queued ->
                    response.setAccepted(
                            BatchAccepted.newBuilder()
                                    .setBaseOffset(queued.baseOffset())
                                    .setLeaderEpoch(queued.leaderEpoch()));
            case ProduceStep.Persisted persisted ->
                    response.setPersisted(
                            ReplicaPersisted.newBuilder()
                                    .setNodeId(persisted.node().value())
                                    .setLeader(persisted.leader()));
            case ProduceStep.Committed committed ->
                    response.setCommitted(
                            BatchCommitted.newBuilder()
                                    .setHighWatermark(committed.highWatermark()));
        }
        TrackProduceResponse told = response.build();
        turns.execute(() -> out.emit(told));
    }

    @Override
    public void answered(ProduceAnswer answer) {
        TrackProduceResponse.Builder response = now();
        if (answer.failure() == null) {
            response.setReceipt(ProduceMessages.receipt(answer.receipts().getFirst()));
        } else {
            response.setError(GrpcErrors.message(answer.failure()));
        }
        TrackProduceResponse told = response.build();
        turns.execute(
                () -> {
                    out.emit(told);
                    out.complete();
                });
    }

    private TrackProduceResponse.Builder now() {
        return TrackProduceResponse.newBuilder()
                .setElapsedUs(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos));
    }
}
