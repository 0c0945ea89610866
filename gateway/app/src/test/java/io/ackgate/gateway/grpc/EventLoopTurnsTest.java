package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work of one call leaves room for that of others on its event loop. */
class EventLoopTurnsTest {
    private final Vertx vertx = Vertx.vertx();
    private final List<Object> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void what_is_added_in_a_turn_comes_behind_what_others_wait_for() {
        Context loop = vertx.getOrCreateContext();
        loop.runOnContext(
                start -> {
                    EventLoopTurns turns = EventLoopTurns.current();
                    turns.execute(
                            () -> {
                                loop.runOnContext(other -> done.add("another call"));
                                turns.execute(() -> done.add("next"));
                                done.add("first");
                            });
                    turns.execute(() -> done.add("second"));
                });
        await(() -> done.size() == 4);
        assertEquals(List.of("first", "second", "another call", "next"), done);
    }

    @Test
    void work_that_fails_does_not_take_along_what_is_behind_it() {
        Context loop = vertx.getOrCreateContext();
        loop.runOnContext(
                start -> {
                    EventLoopTurns turns = EventLoopTurns.current();
                    turns.execute(
                            () -> {
                                throw new IllegalStateException("meant by the test");
                            });
                    turns.execute(() -> done.add("second"));
                });
        await(() -> done.equals(List.of("second")));
    }

    @Test
    void an_error_does_not_stop_the_turns() {
        Context loop = vertx.getOrCreateContext();
        loop.runOnContext(
                start -> {
                    EventLoopTurns turns = EventLoopTurns.current();
                    turns.execute(
                            () -> {
                                throw new AssertionError("meant by the test");
                            });
                    turns.execute(
                            () -> {
                                done.add("second");
                                turns.execute(() -> done.add("next"));
                            });
                });
        await(() -> done.equals(List.of("second", "next")));
    }

    @Test
    void work_that_fails_ends_the_call_that_waits_for_it() {
        Context loop = vertx.getOrCreateContext();
        loop.runOnContext(
                start -> {
                    EventLoopTurns turns = EventLoopTurns.current();
                    Executor answers =
                            turns.failing(failed -> done.add(Status.fromThrowable(failed)));
                    answers.execute(
                            () -> {
                                throw new AssertionError("meant by the test");
                            });
                    turns.execute(() -> done.add("second"));
                });
        await(() -> done.size() == 2);
        assertEquals(Status.Code.INTERNAL, ((Status) done.getFirst()).getCode());
    }
}
