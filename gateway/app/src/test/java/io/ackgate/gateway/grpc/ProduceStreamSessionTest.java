package io.ackgate.gateway.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.produce.ProducingFixture;
import io.ackgate.record.Compression;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.WriteStatus;
import io.grpc.StatusRuntimeException;
import io.smallrye.mutiny.Context;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong, each request of a stream is answered or the stream ends. */
class ProduceStreamSessionTest extends ProducingFixture {
    private final Queue<Runnable> turns = new ArrayDeque<>();
    private final Answers out = new Answers();
    private final FlowWindow window = new FlowWindow(100, 1 << 20, () -> {}, () -> true);
    private final ProduceStreamSession session =
            new ProduceStreamSession(producing, window, null, turns::add, out);

    /** What the caller gets. */
    private static final class Answers implements MultiEmitter<ProduceStreamResponse> {
        private final List<ProduceStreamResponse> list = new ArrayList<>();
        private @Nullable Throwable failure;
        private boolean completed;
        private boolean cancelled;

        @Override
        public MultiEmitter<ProduceStreamResponse> emit(ProduceStreamResponse answer) {
            list.add(answer);
            return this;
        }

        @Override
        public void fail(Throwable why) {
            failure = why;
        }

        @Override
        public void complete() {
            completed = true;
        }

        @Override
        public MultiEmitter<ProduceStreamResponse> onTermination(Runnable listener) {
            return this;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public long requested() {
            return Long.MAX_VALUE;
        }

        @Override
        public Context context() {
            return Context.empty();
        }
    }

    private void send(long id, ProduceRequest.Builder request) {
        session.request(
                ProduceStreamRequest.newBuilder().setCorrelationId(id).setProduce(request).build());
    }

    private void takeTurns() {
        for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
            turn.run();
        }
    }

    @Test
    void one_that_cannot_be_given_to_its_partition_is_answered_and_the_stream_goes_on() {
        failPartition(1);
        send(1, request(1, Compression.NONE));
        send(2, request(1, Compression.GZIP));
        send(3, request(7, Compression.NONE));
        session.requestsEnded();
        openAll();
        takeTurns();
        assertEquals(3, out.list.size());
        for (ProduceStreamResponse answer : out.list) {
            boolean unknownPartition = answer.getCorrelationId() == 3;
            assertEquals(
                    unknownPartition ? "UNKNOWN_TOPIC_OR_PARTITION" : "UNKNOWN_SERVER_ERROR",
                    answer.getError().getCode());
            assertEquals(
                    unknownPartition
                            ? WriteStatus.WRITE_STATUS_NOT_WRITTEN
                            : WriteStatus.WRITE_STATUS_MAY_HAVE_BEEN_WRITTEN,
                    answer.getError().getWriteStatus());
        }
        assertTrue(out.completed);
        assertNull(out.failure);
    }

    @Test
    void what_cannot_even_be_looked_at_ends_the_stream_with_a_status() {
        topics.onCached =
                name -> {
                    throw new StackOverflowError("a bug");
                };
        send(1, request(1, Compression.NONE));
        takeTurns();
        assertFalse(out.completed);
        assertInstanceOf(StatusRuntimeException.class, out.failure);
        out.failure = null;
        send(2, request(1, Compression.NONE));
        assertNull(out.failure, "nothing more is taken");
        assertEquals(List.of(), sent());
    }

    @Test
    void requests_that_break_off_end_the_stream_unless_the_caller_has() {
        session.requestsBroke(new IllegalStateException("a bug"));
        takeTurns();
        assertNotNull(out.failure);
        out.failure = null;
        out.cancelled = true;
        session.requestsBroke(new IllegalStateException("cancelled"));
        takeTurns();
        assertNull(out.failure);
    }

    @Test
    void a_stream_that_is_over_leaves_nothing_that_is_opened_or_sent() {
        send(1, request(1, Compression.GZIP));
        send(2, request(1, Compression.NONE));
        send(3, request(2, Compression.NONE));
        assertEquals(List.of(2), sent());
        session.over();
        takeTurns();
        assertEquals(0, waitingBytes());
        openAll();
        takeTurns();
        assertEquals(List.of(2), sent());
    }
}
