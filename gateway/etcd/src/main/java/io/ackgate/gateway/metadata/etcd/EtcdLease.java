package io.ackgate.gateway.metadata.etcd;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.etcd.EtcdCalls.Opened;
import io.ackgate.gateway.metadata.etcd.api.Compare;
import io.ackgate.gateway.metadata.etcd.api.KVGrpc;
import io.ackgate.gateway.metadata.etcd.api.LeaseGrantRequest;
import io.ackgate.gateway.metadata.etcd.api.LeaseGrpc;
import io.ackgate.gateway.metadata.etcd.api.LeaseKeepAliveRequest;
import io.ackgate.gateway.metadata.etcd.api.LeaseKeepAliveResponse;
import io.ackgate.gateway.metadata.etcd.api.LeaseRevokeRequest;
import io.ackgate.gateway.metadata.etcd.api.PutRequest;
import io.ackgate.gateway.metadata.etcd.api.RangeRequest;
import io.ackgate.gateway.metadata.etcd.api.RequestOp;
import io.ackgate.gateway.metadata.etcd.api.TxnRequest;
import io.ackgate.gateway.metadata.etcd.api.TxnResponse;
import io.ackgate.gateway.runtime.Lease;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The place of the one gateway of a cluster, held as long as it keeps its lease in etcd. A second
 * gateway does not start before the first has let go, or was not heard of for a lease's time.
 *
 * <p>The lease is over here a fifth of its time before it is over in etcd, counted from when its
 * last renewal was asked for.
 */
public final class EtcdLease implements Lease {
    private static final System.Logger LOG = System.getLogger(EtcdLease.class.getName());

    /** Of the key that the one gateway has. */
    private static final String KEY = "gateway";

    /** Renewals in a lease's time. */
    private static final int RENEWALS = 5;

    /** Between two looks at whether the other gateway's lease is over. */
    private static final long LOOK_MILLIS = 100;

    private final Member me;
    private final EtcdCalls calls;
    private final ScheduledExecutorService thread;
    private final long id;
    private final long nanos;

    // ---- confined to the thread of the callbacks

    private @Nullable Listener listener;
    private @Nullable Renewals renewals;
    private @Nullable ScheduledFuture<?> timer;

    /** When the renewal that is not answered yet was asked for. */
    private long askedAt;

    private boolean waits;

    /** Since the stream ended, until an answer comes; an operator is told once. */
    private boolean away;

    private long heldUntil;
    private boolean over;

    private EtcdLease(
            Member me,
            EtcdCalls calls,
            ScheduledExecutorService thread,
            long id,
            Duration time,
            long grantedAt) {
        this.me = me;
        this.calls = calls;
        this.thread = thread;
        this.id = id;
        this.nanos = time.toNanos();
        this.heldUntil = grantedAt + usable();
    }

    /**
     * Takes the place. Blocks for up to the lease's time while another gateway holds it.
     *
     * @param address where clients reach this gateway, host and port
     * @param time of the lease, full seconds, 2 or more
     * @throws IOException if another gateway goes on holding it, or etcd does not answer
     */
    static EtcdLease take(
            EtcdCalls calls,
            Keys keys,
            ScheduledExecutorService thread,
            String address,
            Duration time)
            throws IOException {
        SecureRandom random = new SecureRandom();
        long session = random.nextLong();
        while (session == GatewaySession.NONE.value()) {
            session = random.nextLong();
        }
        try {
            long until = System.nanoTime() + time.plusSeconds(1).toNanos();
            while (true) {
                long grantedAt = System.nanoTime();
                long id = grant(calls, time);
                TxnResponse answer =
                        join(calls.ask(KVGrpc.getTxnMethod(), place(keys, id, address)));
                if (answer.getSucceeded()) {
                    Member me = new Member(new GatewaySession(session), address);
                    return new EtcdLease(me, calls, thread, id, time, grantedAt);
                }
                revoke(calls, id);
                String holder =
                        answer.getResponses(0)
                                .getResponseRange()
                                .getKvs(0)
                                .getValue()
                                .toStringUtf8();
                if (System.nanoTime() - until > 0) {
                    throw new IOException(
                            ("the gateway at %s holds this cluster in etcd: one gateway runs at a"
                                            + " time. Stop it first, or name another"
                                            + " ackgate.metadata.etcd.prefix for another cluster")
                                    .formatted(holder));
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (CompletionException failure) {
            throw new IOException(
                    "etcd gives no lease: " + Status.fromThrowable(failure), failure.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while it waited for the lease in etcd", stopped);
        }
    }

    private static long grant(EtcdCalls calls, Duration time) {
        return join(calls.ask(
                        LeaseGrpc.getLeaseGrantMethod(),
                        LeaseGrantRequest.newBuilder().setTTL(time.toSeconds()).build()))
                .getID();
    }

    private static CompletionStage<?> revoke(EtcdCalls calls, long id) {
        return calls.ask(
                LeaseGrpc.getLeaseRevokeMethod(),
                LeaseRevokeRequest.newBuilder().setID(id).build());
    }

    private static TxnRequest place(Keys keys, long lease, String address) {
        ByteString key = keys.of(KEY);
        return TxnRequest.newBuilder()
                .addCompare(
                        Compare.newBuilder()
                                .setResult(Compare.CompareResult.EQUAL)
                                .setTarget(Compare.CompareTarget.MOD)
                                .setKey(key)
                                .setModRevision(0))
                .addSuccess(
                        RequestOp.newBuilder()
                                .setRequestPut(
                                        PutRequest.newBuilder()
                                                .setKey(key)
                                                .setValue(ByteString.copyFromUtf8(address))
                                                .setLease(lease)))
                .addFailure(
                        RequestOp.newBuilder()
                                .setRequestRange(RangeRequest.newBuilder().setKey(key)))
                .build();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Override
    public GatewaySession session() {
        return me.session();
    }

    @Override
    public void start(Listener told) {
        told.live(List.of(me));
        thread.execute(
                () -> {
                    listener = told;
                    timer =
                            thread.scheduleWithFixedDelay(
                                    this::tick, 0, nanos / RENEWALS, TimeUnit.NANOSECONDS);
                });
    }

    private long usable() {
        return nanos - nanos / 5;
    }

    private void tick() {
        long now = System.nanoTime();
        if (now - heldUntil > 0) {
            lost("it could not be renewed for %d ms".formatted(nanos / 1_000_000));
            return;
        }
        Renewals stream = renewals;
        if (stream != null && waits) {
            // Its member may stand still while the others do not.
            stream.giveUp();
            stream = null;
        }
        if (stream == null) {
            stream = new Renewals();
            renewals = stream;
            waits = false;
            stream.open();
        }
        if (!waits) {
            waits = true;
            askedAt = now;
            stream.ask();
        }
    }

    /** One stream, and its answers. */
    private final class Renewals implements StreamObserver<LeaseKeepAliveResponse> {
        @SuppressWarnings("NullAway.Init")
        private Opened<LeaseKeepAliveRequest> opened;

        void open() {
            opened = calls.open(LeaseGrpc.getLeaseKeepAliveMethod(), this);
        }

        void ask() {
            opened.requests().onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
        }

        void giveUp() {
            Status noAnswer = Status.DEADLINE_EXCEEDED.withDescription("no answer");
            ended(noAnswer.asException());
            opened.requests().onError(noAnswer.asException());
        }

        @Override
        public void onNext(LeaseKeepAliveResponse answer) {
            if (over || renewals != this) {
                return;
            }
            waits = false;
            away = false;
            if (answer.getTTL() <= 0) {
                lost("it has run out in etcd");
            } else {
                heldUntil = askedAt + usable();
            }
        }

        @Override
        public void onError(Throwable failure) {
            ended(failure);
        }

        @Override
        public void onCompleted() {
            ended(Status.UNAVAILABLE.asException());
        }

        private void ended(Throwable failure) {
            if (over || renewals != this) {
                return;
            }
            if (!away) {
                away = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the lease in etcd is to be renewed on another stream: {0}",
                        Status.fromThrowable(failure));
            }
            calls.ended(opened, failure);
            renewals = null;
            // A token that is known no more is asked for anew before the next tick.
            calls.ready();
        }
    }

    private void lost(String why) {
        if (over) {
            return;
        }
        end();
        Listener told = listener;
        if (told != null) {
            told.lost(why);
        }
    }

    private void end() {
        over = true;
        ScheduledFuture<?> ticks = timer;
        if (ticks != null) {
            ticks.cancel(false);
        }
        Renewals stream = renewals;
        if (stream != null) {
            stream.opened.requests().onCompleted();
        }
    }

    /** Blocks until etcd has heard of it, for up to the request timeout. */
    @Override
    public void close() {
        thread.execute(this::end);
        try {
            join(revoke(calls, id));
        } catch (CompletionException notHeard) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "etcd did not hear that the lease is given back, it runs out by itself: {0}",
                    Status.fromThrowable(notHeard));
        }
    }
}
