package io.ackgate.gateway.grpc;

import io.grpc.Context;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Flow control of one streaming call, which Quarkus' generated stubs do not have: they ask for the
 * next message whatever has become of the last, and take 256 answers of a service ahead. Messages
 * are counted where they really come in and go out ({@link StreamFlow}); the service says how many
 * bytes it holds. Confined to the call's event loop.
 */
final class FlowWindow {
    /** The window of the call that is being served. */
    static final Context.Key<FlowWindow> KEY = Context.key("ackgate-flow-window");

    private final int maxMessages;
    private final long maxBytes;
    private final Runnable onChange;
    private final BooleanSupplier ready;
    private Runnable cutOff = () -> {};
    private Runnable onSent = () -> {};
    private Runnable onReady = () -> {};
    private long received;
    private long sent;
    private long heldBytes;

    /**
     * Nothing is under way.
     *
     * @param ready whether the transport has taken what was sent
     */
    FlowWindow(int maxMessages, long maxBytes, Runnable onChange, BooleanSupplier ready) {
        this.ready = ready;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.onChange = onChange;
    }

    /** The window of the call that is being served. */
    static FlowWindow current() {
        return Objects.requireNonNull(KEY.get(), "not called within a streaming call");
    }

    /** How to cut the call off; any thread may run it. */
    void cutOff(Runnable how) {
        cutOff = how;
    }

    /** Cuts the call off when it is run, on any thread. */
    Runnable cutOff() {
        return cutOff;
    }

    /** Calls back after each message that has gone out. */
    void onSent(Runnable listener) {
        onSent = listener;
    }

    /** Calls back each time the transport has taken what was sent. */
    void onReady(Runnable listener) {
        onReady = listener;
    }

    /** Whether the transport has taken what was sent; what is sent now goes out at once. */
    boolean isReady() {
        return ready.getAsBoolean();
    }

    void ready() {
        onReady.run();
    }

    /** Messages that have gone out. */
    long sent() {
        return sent;
    }

    /** The service holds so many bytes more, or less. */
    void hold(long bytes) {
        heldBytes += bytes;
        onChange.run();
    }

    /** Whether one more request may come in: one answer goes out for each. */
    boolean hasRoom() {
        return received - sent < maxMessages && heldBytes < maxBytes;
    }

    void messageReceived() {
        received++;
    }

    void messageSent() {
        sent++;
        onSent.run();
        onChange.run();
    }
}
