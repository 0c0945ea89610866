package io.ackgate.gateway.http;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Bounds what is held of requests that are not whole yet, of gRPC and REST together. Each may have
 * many megabytes and come as slowly as its sender likes, and a few dozen of them would be all
 * memory that there is. Several times a second all of them are looked at; while they hold more than
 * the bound, those are cut off of which nothing has come since, and then those that hold most.
 */
@Singleton
public class IncomingMemory {
    private static final Logger LOG = Logger.getLogger(IncomingMemory.class);
    private static final long LOOK_MILLIS = 50;
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** After so many looks without a byte it stands still. */
    private static final int STILL_LOOKS = 20;

    /** An eighth of the heap. */
    private static final int SHARE_OF_HEAP = 8;

    private static final Comparator<Incoming> FIRST_TO_GO =
            Comparator.comparing((Incoming request) -> request.looksWithoutBytes < STILL_LOOKS)
                    .thenComparing(Comparator.comparingLong(Incoming::held).reversed());

    private final Set<Incoming> requests = ConcurrentHashMap.newKeySet();
    private final long maxBytes;

    /** Cut off since the last line of the log. These are the looking thread's. */
    private long cutUntold;

    private boolean told;
    private long toldNanos;

    IncomingMemory() {
        this(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    IncomingMemory(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void start(@Observes StartupEvent started, Vertx vertx) {
        vertx.setPeriodic(LOOK_MILLIS, ignored -> look());
    }

    /** A request that begins; called on its event loop. */
    public Incoming begin(RoutingContext http) {
        Incoming request = new Incoming(http::request, ReadDeadline.of(http));
        add(request);
        http.addEndHandler(ended -> requests.remove(request));
        return request;
    }

    void add(Incoming request) {
        requests.add(request);
    }

    /** Looks at all of them, and cuts off those that are too many. */
    void look() {
        long held = 0;
        for (Incoming request : requests) {
            held += request.look();
        }
        if (held <= maxBytes) {
            return;
        }
        // Whoever holds nothing may wait for as long as it likes: streams and long polls do.
        List<Incoming> order =
                requests.stream()
                        .filter(request -> request.held() > 0)
                        .sorted(FIRST_TO_GO)
                        .toList();
        int cut = 0;
        for (Incoming request : order) {
            if (held <= maxBytes) {
                break;
            }
            held -= request.held();
            requests.remove(request);
            request.cut.run();
            cut++;
        }
        tell(cut);
    }

    private void tell(int more) {
        long now = System.nanoTime();
        cutUntold += more;
        if (!told || now - toldNanos > TELL_NANOS) {
            told = true;
            LOG.warnf(
                    "%d requests that were not whole were cut off: more than %d bytes of such were"
                            + " held",
                    cutUntold, maxBytes);
            toldNanos = now;
            cutUntold = 0;
        }
    }
}
