package io.ackgate.gateway.rest;

import io.ackgate.gateway.http.ReadDeadline;
import io.ackgate.gateway.runtime.ReadMemory;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * What is held in the {@link ReadMemory} for a page: first what it is made of, then its JSON until
 * the transport has taken it or the caller has gone.
 */
final class HeldPage {
    private static final String KEY = HeldPage.class.getName();

    private final RoutingContext http;
    private final ReadMemory.Reader reader;

    /** Whether the page is with the transport, which says itself when it is taken. */
    private volatile boolean handedOver;

    private HeldPage(RoutingContext http, ReadMemory.Reader reader) {
        this.http = http;
        this.reader = reader;
    }

    /** Begins with nothing; called on the request's event loop. */
    static HeldPage begin(RoutingContext http, ReadMemory memory) {
        HeldPage page = new HeldPage(http, memory.reader(ReadDeadline.of(http)));
        http.put(KEY, page);
        // This comes when the response is with the transport, or when there will be none.
        http.addEndHandler(
                end -> {
                    if (!page.handedOver) {
                        page.reader.close();
                    }
                });
        return page;
    }

    /** The page of a request for one. */
    static HeldPage of(RoutingContext http) {
        return Objects.requireNonNull(http.<HeldPage>get(KEY), "not a request for a page");
    }

    /** Who reads what the page is made of. */
    ReadMemory.Reader reader() {
        return reader;
    }

    /** Ends the response with the page as JSON. */
    void end(byte[] json) {
        reader.made(json.length);
        handedOver = true;
        try {
            http.response().end(Buffer.buffer(json)).onComplete(taken -> reader.close());
        } catch (RuntimeException ended) {
            reader.close();
            throw ended;
        }
    }
}
