package io.ackgate.gateway.grpc;

import io.grpc.Context;
import java.util.Objects;

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
    private Runnable onSent = () -> {};
    private long received;
    private long sent;
    private long heldBytes;

    FlowWindow(int maxMessages, long maxBytes, Runnable onChange) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.onChange = onChange;
    }

    /** The window of the call that is being served. */
    static FlowWindow current() {
        return Objects.requireNonNull(KEY.get(), "not called within a streaming call");
    }

    /** Calls back after each message that has gone out. */
    void onSent(Runnable listener) {
        onSent = listener;
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
