package io.ackgate.gateway.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedWritesTest {
    private static final int MOST = BoundedWrites.MAX_UNDER_WAY;

    private final BoundedWrites writes = new BoundedWrites();

    /** Writes under way, with the name of whose they are. */
    private final List<Begun> begun = new ArrayList<>();

    private record Begun(String of, CompletableFuture<String> stage) {}

    private Iterator<Supplier<CompletionStage<?>>> writesOf(String name, int count) {
        return IntStream.range(0, count)
                .<Supplier<CompletionStage<?>>>mapToObj(
                        i ->
                                () -> {
                                    CompletableFuture<String> stage = new CompletableFuture<>();
                                    begun.add(new Begun(name, stage));
                                    return stage;
                                })
                .iterator();
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }

    @Test
    void so_many_are_under_way_and_no_more() {
        CompletionStage<Void> all = writes.run(writesOf("a", 3 * MOST));
        assertEquals(MOST, begun.size());
        begun.get(7).stage.complete("");
        assertEquals(MOST + 1, begun.size());
        while (begun.stream().anyMatch(one -> !one.stage.isDone())) {
            assertFalse(isDone(all));
            List.copyOf(begun).forEach(one -> one.stage.complete(""));
        }
        assertEquals(3 * MOST, begun.size());
        assertTrue(isDone(all));
    }

    @Test
    void a_second_caller_does_not_wait_for_all_of_the_first() {
        CompletionStage<Void> first = writes.run(writesOf("a", 10 * MOST));
        CompletionStage<Void> second = writes.run(writesOf("b", 3));
        for (int i = 0; i < 6; i++) {
            begun.get(i).stage.complete("");
        }
        assertEquals(3, begun.stream().filter(one -> one.of.equals("b")).count());
        assertFalse(isDone(second));
        List.copyOf(begun).stream()
                .filter(one -> one.of.equals("b"))
                .forEach(one -> one.stage.complete(""));
        assertTrue(isDone(second));
        assertFalse(isDone(first));
    }

    @Test
    void after_a_failure_the_others_are_begun_all_the_same() {
        CompletionStage<Void> all = writes.run(writesOf("a", MOST + 2));
        begun.getFirst().stage.completeExceptionally(new IOException("the first"));
        begun.get(1).stage.completeExceptionally(new IOException("the second"));
        assertEquals(MOST + 2, begun.size());
        List.copyOf(begun).subList(2, begun.size()).forEach(one -> one.stage.complete(""));
        CompletionException failure =
                assertThrows(CompletionException.class, () -> all.toCompletableFuture().join());
        assertEquals("java.io.IOException: the first", String.valueOf(failure.getCause()));
    }

    @Test
    void writes_that_fail_at_once_do_not_nest() {
        int count = 20_000;
        CompletionStage<Void> all =
                writes.run(
                        IntStream.range(0, count)
                                .<Supplier<CompletionStage<?>>>mapToObj(
                                        i ->
                                                () -> {
                                                    if (i % 2 == 0) {
                                                        throw new IllegalStateException("no");
                                                    }
                                                    return CompletableFuture.failedFuture(
                                                            new IOException("no"));
                                                })
                                .iterator());
        assertThrows(CompletionException.class, () -> all.toCompletableFuture().join());
        assertTrue(isDone(writes.run(writesOf("none", 0))));
        CompletionStage<Void> later = writes.run(writesOf("later", 1));
        begun.getFirst().stage.complete("");
        assertTrue(isDone(later));
    }
}
