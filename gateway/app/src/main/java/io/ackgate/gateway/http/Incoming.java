package io.ackgate.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * One request of which not everything has come. What is held of it are the bytes since its last
 * message was taken, while another is waited for.
 */
public final class Incoming {
    private final LongSupplier bytesRead;
    final Runnable cut;

    /** Of those that were read; written on the request's event loop. */
    private volatile long bytesTaken;

    /** Messages that are waited for; written on the request's event loop. */
    private volatile int wanted;

    /** As of the last look. */
    private long held;

    private long readBefore;
    int looksWithoutBytes;

    Incoming(Supplier<HttpServerRequest> request, Runnable cut) {
        // A request that is whole is answered, and its memory counted where that is done.
        this(() -> request.get().isEnded() ? 0 : request.get().bytesRead(), cut);
    }

    /**
     * @param bytesRead of its body so far; 0 once it is whole
     * @param cut cuts it off; on any thread
     */
    Incoming(LongSupplier bytesRead, Runnable cut) {
        this.bytesRead = bytesRead;
        this.cut = cut;
    }

    /** So many messages more are waited for. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void wants(int messages) {
        wanted = (int) Math.min(Integer.MAX_VALUE, (long) wanted + messages);
    }

    /** A message is whole, and was taken. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void taken() {
        bytesTaken = bytesRead.getAsLong();
        wanted = Math.max(0, wanted - 1);
    }

    /** Nothing more is waited for. */
    public void whole() {
        wanted = 0;
    }

    /** Looks at what is held of it, bytes. */
    long look() {
        long read = bytesRead.getAsLong();
        looksWithoutBytes = read == readBefore ? looksWithoutBytes + 1 : 0;
        readBefore = read;
        held = wanted > 0 ? Math.max(0, read - bytesTaken) : 0;
        return held;
    }

    /** Bytes, as of the last look. */
    long held() {
        return held;
    }
}
