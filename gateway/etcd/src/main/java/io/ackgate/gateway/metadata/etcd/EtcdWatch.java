package io.ackgate.gateway.metadata.etcd;

import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.etcd.EtcdCalls.Opened;
import io.ackgate.gateway.metadata.etcd.EtcdReads.Listing;
import io.ackgate.gateway.metadata.etcd.api.Event;
import io.ackgate.gateway.metadata.etcd.api.WatchCreateRequest;
import io.ackgate.gateway.metadata.etcd.api.WatchGrpc;
import io.ackgate.gateway.metadata.etcd.api.WatchRequest;
import io.ackgate.gateway.metadata.etcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every change of every key, in the order of the revisions, without a gap: a stream that ends is
 * opened again behind the last change that it told, and where etcd has compacted that away
 * everything is listed anew.
 *
 * <p>Confined to the thread of the callbacks, but for {@link #add} and {@link #close}.
 */
final class EtcdWatch {
    private static final System.Logger LOG = System.getLogger(EtcdWatch.class.getName());

    private static final long LEAST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    /**
     * Who is told.
     *
     * @param since what was told of this revision and before is nothing new to it
     */
    private record Listener(String prefix, long since, Consumer<Entry> consumer) {}

    private final EtcdCalls calls;
    private final EtcdReads reads;
    private final Keys keys;
    private final KnownKeys known;
    private final ScheduledExecutorService thread;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** Of the next change that is to be told. */
    private long nextRevision;

    private long pauseMillis = LEAST_PAUSE_MILLIS;

    /** Since the stream ended; an operator is told once. */
    private boolean away;

    private @Nullable Stream stream;
    private volatile boolean closed;

    EtcdWatch(
            EtcdCalls calls,
            EtcdReads reads,
            Keys keys,
            KnownKeys known,
            ScheduledExecutorService thread) {
        this.calls = calls;
        this.reads = reads;
        this.keys = keys;
        this.known = known;
        this.thread = thread;
    }

    AutoCloseable add(String prefix, Consumer<Entry> consumer) {
        Listener listener = new Listener(prefix, known.revision(), consumer);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Begins behind what was listed. */
    void begin(Listing everything) {
        take(everything);
        open();
    }

    /** Nothing is told any more. */
    void close() {
        closed = true;
    }

    private void open() {
        Stream next = new Stream();
        stream = next;
        Opened<WatchRequest> opened = calls.open(WatchGrpc.getWatchMethod(), next);
        next.opened = opened;
        opened.requests()
                .onNext(
                        WatchRequest.newBuilder()
                                .setCreateRequest(
                                        WatchCreateRequest.newBuilder()
                                                .setKey(keys.prefix())
                                                .setRangeEnd(Keys.endOf(keys.prefix()))
                                                .setStartRevision(nextRevision)
                                                // Where nothing changes, so that the revision is
                                                // not old.
                                                .setProgressNotify(true))
                                .build());
    }

    /** One stream's answers. */
    private final class Stream implements StreamObserver<WatchResponse> {
        @SuppressWarnings("NullAway.Init")
        private Opened<WatchRequest> opened;

        @Override
        public void onNext(WatchResponse answer) {
            if (stream == this && !closed) {
                answered(this, answer);
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (stream == this && !closed) {
                calls.ended(opened, failure);
                again("its stream ended: " + Status.fromThrowable(failure));
            }
        }

        @Override
        public void onCompleted() {
            if (stream == this && !closed) {
                again("its stream ended");
            }
        }
    }

    private void answered(Stream from, WatchResponse answer) {
        if (answer.getCanceled()) {
            from.opened.requests().onCompleted();
            if (answer.getCompactRevision() > 0) {
                listAnew();
            } else {
                // It says so as well of a token that it knows no more.
                calls.ended(from.opened, Status.UNAUTHENTICATED.asException());
                again("etcd ended it: " + answer.getCancelReason());
            }
            return;
        }
        if (answer.getCreated()) {
            pauseMillis = LEAST_PAUSE_MILLIS;
            if (away) {
                away = false;
                LOG.log(System.Logger.Level.INFO, "the watch of etcd goes on");
            }
            return;
        }
        for (Event event : answer.getEventsList()) {
            happened(event);
            nextRevision = event.getKv().getModRevision() + 1;
        }
        if (answer.getEventsCount() == 0) {
            nextRevision = Math.max(nextRevision, answer.getHeader().getRevision() + 1);
        }
    }

    private void happened(Event event) {
        Entry entry = keys.entry(event.getKv());
        if (event.getType() == Event.EventType.DELETE) {
            known.seenDeleted(entry.key(), entry.version());
            tell(Keys.absent(entry.key()), entry.version());
        } else {
            known.stored(entry.key(), entry.version(), entry.value().length);
            tell(entry, entry.version());
        }
    }

    private void tell(Entry entry, long revision) {
        for (Listener listener : listeners) {
            if (revision > listener.since && entry.key().startsWith(listener.prefix)) {
                try {
                    listener.consumer.accept(entry);
                } catch (RuntimeException bug) {
                    LOG.log(System.Logger.Level.ERROR, "a metadata watch failed", bug);
                }
            }
        }
    }

    private void again(String why) {
        if (!away) {
            away = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the watch of etcd is to go on behind revision {0}: {1}",
                    Long.toString(nextRevision - 1),
                    why);
        }
        after(this::openAgain);
    }

    private void openAgain() {
        calls.ready()
                .whenComplete(
                        (known, failure) -> {
                            if (closed) {
                                return;
                            }
                            if (failure == null) {
                                open();
                            } else {
                                again("etcd does not let it in: " + Status.fromThrowable(failure));
                            }
                        });
    }

    /** Some changes are told by nobody any more: each key is told as it is now. */
    private void listAnew() {
        stream = null;
        LOG.log(
                System.Logger.Level.WARNING,
                "etcd has compacted what happened behind revision {0}: all keys are read anew",
                Long.toString(nextRevision - 1));
        reads.list("")
                .whenComplete(
                        (everything, failure) -> {
                            if (closed) {
                                return;
                            }
                            if (failure != null) {
                                after(this::listAnew);
                            } else {
                                take(everything);
                                open();
                            }
                        });
    }

    private void take(Listing everything) {
        Set<String> existing = new HashSet<>();
        for (Entry entry : everything.entries()) {
            existing.add(entry.key());
            known.stored(entry.key(), entry.version(), entry.value().length);
        }
        for (String gone : known.listed(existing, everything.revision())) {
            tell(Keys.absent(gone), everything.revision());
        }
        everything.entries().forEach(entry -> tell(entry, everything.revision()));
        nextRevision = everything.revision() + 1;
    }

    private void after(Runnable next) {
        stream = null;
        long pause = pauseMillis;
        pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, 2 * pauseMillis);
        try {
            var _ =
                    thread.schedule(
                            () -> {
                                if (!closed) {
                                    next.run();
                                }
                            },
                            pause,
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException over) {
            closed = true;
        }
    }
}
