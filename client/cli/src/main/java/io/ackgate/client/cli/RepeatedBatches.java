package io.ackgate.client.cli;

import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Sends every batch of a producer twice with the same sequence, as a retry after a lost answer
 * would, and looks at the second answer. The producer itself never learns of it.
 */
final class RepeatedBatches implements ClientInterceptor {
    /** Tells the correlation ids of repetitions from the producer's own, which count from 1. */
    private static final long REPETITION = Long.MIN_VALUE;

    private final Map<Long, ProduceStreamResponse> firstAnswers = new ConcurrentHashMap<>();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong recognised = new AtomicLong();
    private final AtomicLong writtenAgain = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** Repetitions whose stream ended without an answer to them. */
    private final AtomicLong lost = new AtomicLong();

    /** Batches that were sent a second time. */
    long repeated() {
        return repeated.get();
    }

    /** Repetitions that were answered as duplicates, with the offset of the original. */
    long recognised() {
        return recognised.get();
    }

    /** Repetitions that were written as if they were new. */
    long writtenAgain() {
        return writtenAgain.get();
    }

    /** Repetitions that were refused. */
    long refused() {
        return refused.get();
    }

    /**
     * Waits until no repetition can be answered any more that has no answer yet. The producer is
     * through when its own batches are answered, and the last repetition comes behind them.
     *
     * @param patience after which it waits no longer
     */
    synchronized void awaitAnswers(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            long left = patience.toNanos();
            while (left > 0 && answered() + lost.get() < repeated.get()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = end - System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long answered() {
        return recognised.get() + writtenAgain.get() + refused.get();
    }

    private synchronized void changed() {
        notifyAll();
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
            MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new Call<>(next.newCall(method, options));
    }

    private final class Call<Q, A> extends SimpleForwardingClientCall<Q, A> {
        /** Repetitions on this stream that have no answer. */
        private final AtomicLong unanswered = new AtomicLong();

        Call(ClientCall<Q, A> delegate) {
            super(delegate);
        }

        @Override
        public void start(Listener<A> listener, Metadata headers) {
            super.start(new Answers<>(this, listener), headers);
        }

        @Override
        @SuppressWarnings("unchecked")
        public void sendMessage(Q message) {
            super.sendMessage(message);
            if (message instanceof ProduceStreamRequest request) {
                unanswered.incrementAndGet();
                repeated.incrementAndGet();
                long id = request.getCorrelationId() | REPETITION;
                // The same type: it is the very request with another id.
                super.sendMessage((Q) request.toBuilder().setCorrelationId(id).build());
            }
        }
    }

    private final class Answers<A> extends SimpleForwardingClientCallListener<A> {
        private final Call<?, A> call;

        Answers(Call<?, A> call, ClientCall.Listener<A> delegate) {
            super(delegate);
            this.call = call;
        }

        @Override
        public void onMessage(A message) {
            if (!(message instanceof ProduceStreamResponse answer)) {
                super.onMessage(message);
            } else if (answer.getCorrelationId() >= 0) {
                firstAnswers.put(answer.getCorrelationId(), answer);
                super.onMessage(message);
            } else {
                compare(firstAnswers.remove(answer.getCorrelationId() ^ REPETITION), answer);
                call.unanswered.decrementAndGet();
                changed();
                call.request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            lost.addAndGet(call.unanswered.getAndSet(0));
            changed();
            super.onClose(status, trailers);
        }
    }

    private void compare(@Nullable ProduceStreamResponse first, ProduceStreamResponse second) {
        if (second.hasError()) {
            refused.incrementAndGet();
        } else if (first != null
                && second.getReceipts(0).getDuplicate()
                && first.getReceiptsCount() > 0
                && first.getReceipts(0).getBaseOffset() == second.getReceipts(0).getBaseOffset()) {
            recognised.incrementAndGet();
        } else {
            writtenAgain.incrementAndGet();
        }
    }
}
