package io.ackgate.simulation.gateway;

import java.util.ArrayDeque;

/**
 * What arrives at a process that may stand still: it waits, in order, until the process goes on.
 */
final class Backlog {
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean paused;
    private boolean over;

    boolean isPaused() {
        return paused;
    }

    boolean isOver() {
        return over;
    }

    /** Runs an action now, later, or never if the process has ended. */
    void run(Runnable action) {
        if (paused) {
            waiting.add(action);
        } else if (!over) {
            action.run();
        }
    }

    void pause() {
        paused = true;
    }

    void resume() {
        paused = false;
        while (!paused && !over && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }

    void end() {
        over = true;
        waiting.clear();
    }
}
