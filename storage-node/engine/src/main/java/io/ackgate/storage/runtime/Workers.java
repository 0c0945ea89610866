package io.ackgate.storage.runtime;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The threads beside an engine's: for background work, and a few readers. */
final class Workers implements AutoCloseable {
    private final Worker background;
    private final ExecutorService readers;

    /**
     * Starts the threads, of readers as many as are needed at a time.
     *
     * @param failed told what background work has thrown that no I/O throws
     */
    Workers(String name, Consumer<Throwable> failed) {
        background = new Worker(name + "-background", failed);
        readers =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name(name + "-reader-", 1).daemon(true).factory());
    }

    /** Runs background work; that before must have told that it is done. */
    void backgroundWork(Runnable work) {
        background.run(work);
    }

    /** Runs a look into files. */
    void look(Runnable work) {
        readers.execute(work);
    }

    @Override
    public void close() {
        background.close();
        readers.shutdown();
    }
}
