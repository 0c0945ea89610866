package io.ackgate.gateway.consume;

import io.ackgate.gateway.runtime.ReadMemory;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Threads on which compressed batches are taken apart for consumers. An event loop would serve
 * nobody while one of its callers has 64 MiB decompressed for the last record of a batch. They are
 * half as many as processors, so that such reads wait for each other rather than have all
 * processors. What waits is bounded by the {@code ReadMemory}, in which each has a place. Large
 * bodies of REST requests are read as JSON here, too, for the same reason; those are bounded by
 * {@code ackgate.http.body-memory}.
 */
@Singleton
public class Unpacking implements Executor {
    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                    Thread.ofPlatform().daemon().name("ackgate-unpacking-", 0).factory());

    /**
     * An answer that is made on {@code threads}; where its reader is gone by then it is not made.
     * What it is made of is held until then.
     */
    public static <T> Uni<T> make(Executor threads, ReadMemory.Reader reader, Supplier<T> work) {
        return Uni.createFrom()
                .emitter(
                        answer -> {
                            reader.making();
                            threads.execute(
                                    () -> {
                                        try {
                                            if (!reader.isClosed()) {
                                                answer.complete(work.get());
                                            }
                                        } catch (RuntimeException failure) {
                                            answer.fail(failure);
                                        } finally {
                                            reader.madeOne();
                                        }
                                    });
                        });
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    @PreDestroy
    void end() {
        threads.shutdown();
    }
}
