package io.ackgate.gateway.grpc;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.consume.DecodedRecords;
import io.ackgate.gateway.consume.Subscription;
import io.ackgate.gateway.consume.SubscriptionListener;
import io.ackgate.gateway.consume.SubscriptionPlan;
import io.ackgate.gateway.consume.Subscriptions;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.SubscribeResponse;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.concurrent.Executor;

/** One call to subscribe: answers as messages, and the transport's flow control. */
final class SubscribeCall implements SubscriptionListener<ConsumerRecord> {
    private final FlowWindow window;
    private final MultiEmitter<? super SubscribeResponse> out;

    private SubscribeCall(FlowWindow window, MultiEmitter<? super SubscribeResponse> out) {
        this.window = window;
        this.out = out;
    }

    /**
     * Serves the call; on its event loop.
     *
     * @param turns of that event loop
     */
    static void start(
            SubscriptionPlan plan,
            Subscriptions subscriptions,
            ReadMemory.Reader memory,
            Executor turns,
            FlowWindow window,
            MultiEmitter<? super SubscribeResponse> out) {
        SubscribeCall call = new SubscribeCall(window, out);
        Subscription<ConsumerRecord> subscription =
                subscriptions.open(
                        Caller.ANONYMOUS,
                        plan,
                        memory,
                        ReadMessages.RECORDS,
                        work -> turns.execute(() -> call.guarded(work)),
                        call);
        out.onTermination(subscription::cancel);
        window.onSent(() -> call.guarded(subscription::sent));
        window.onReady(() -> call.guarded(subscription::ready));
        subscription.start();
    }

    /** What fails here ends the stream: a caller that hears nothing more would wait for ever. */
    private void guarded(Runnable step) {
        GrpcStatuses.guarded(step, out::fail);
    }

    /** A message that is not sent. */
    private record Unsent(SubscribeResponse message, MultiEmitter<? super SubscribeResponse> out)
            implements Answer {
        @Override
        public int bytes() {
            return message.getSerializedSize();
        }

        @Override
        public void send() {
            out.emit(message);
        }
    }

    @Override
    public boolean isReady() {
        return window.isReady();
    }

    @Override
    public Answer answer(
            int partition, DecodedRecords<ConsumerRecord> records, FetchOutcome.Fetched of) {
        SubscribeResponse.Builder response =
                SubscribeResponse.newBuilder()
                        .setPartition(partition)
                        .addAllRecords(records.records())
                        .addAllRecordBatches(ReadMessages.batches(records))
                        .addAllSkippedBatches(ReadMessages.skipped(records))
                        .setNextOffset(records.nextOffset())
                        .setLeaderEpoch(of.leaderEpoch());
        if (of.highWatermark() >= 0) {
            response.setHighWatermark(of.highWatermark());
        }
        return new Unsent(response.build(), out);
    }

    @Override
    public void complete() {
        out.complete();
    }

    @Override
    public void fail(Failure failure) {
        out.fail(GrpcErrors.status(failure));
    }
}
