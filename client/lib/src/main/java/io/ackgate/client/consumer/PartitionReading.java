package io.ackgate.client.consumer;

import io.ackgate.client.wire.GatewayError;
import io.ackgate.client.wire.Gateways;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the reading of one partition has come to, and the stream that brings more. Confined to the
 * reader's thread, except for {@link #close()}; arrivals are handed over from others.
 */
final class PartitionReading {
    private final String topic;
    private final int partition;
    private final long endOffset;
    private final int maxBytes;
    private final boolean skipUnreadable;

    /** Of the connections to a gateway, the one that carries this stream. */
    private int connection;

    private long openedAtNanos;
    private StreamStart start = new StreamStart();

    private final Gateways gateways;
    private final Consumer<Arrival> arrivals;

    private long nextOffset;
    private int leaderEpoch;
    private int failuresInARow;

    /**
     * The topic may have been created anew since the last answer, which no stream could have
     * reported.
     */
    private boolean mayBeAnother;

    private long stream;
    private volatile @Nullable ClientCall<SubscribeRequest, SubscribeResponse> call;
    private @Nullable ManagedChannel channel;

    /**
     * @param endOffset where the reading is over; {@link Long#MAX_VALUE} for never
     * @param skipUnreadable whether to step over batches that cannot be read
     */
    PartitionReading(
            String topic,
            int partition,
            long nextOffset,
            long endOffset,
            int maxBytes,
            boolean skipUnreadable,
            int connection,
            Gateways gateways,
            Consumer<Arrival> arrivals) {
        this.topic = topic;
        this.partition = partition;
        this.nextOffset = nextOffset;
        this.endOffset = endOffset;
        this.maxBytes = maxBytes;
        this.skipUnreadable = skipUnreadable;
        this.connection = connection;
        this.gateways = gateways;
        this.arrivals = arrivals;
    }

    int partition() {
        return partition;
    }

    long nextOffset() {
        return nextOffset;
    }

    boolean isOver() {
        return nextOffset >= endOffset;
    }

    /** Opens a stream from where the reading has come to. */
    void open() {
        long number = ++stream;
        StreamStart starting = new StreamStart();
        start = starting;
        openedAtNanos = System.nanoTime();
        ManagedChannel to = gateways.channel(connection);
        ClientCall<SubscribeRequest, SubscribeResponse> opening =
                to.newCall(
                        ConsumerServiceGrpc.getSubscribeMethod(),
                        CallOptions.DEFAULT.withStreamTracerFactory(starting));
        call = opening;
        channel = to;
        opening.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(SubscribeResponse answer) {
                        arrivals.accept(new Arrival.Chunk(PartitionReading.this, number, answer));
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        GatewayError why =
                                status.isOk()
                                        ? GatewayError.brokenConnection("the gateway ended it")
                                        : GatewayError.of(status.asRuntimeException(trailers));
                        arrivals.accept(new Arrival.Broken(PartitionReading.this, number, why));
                    }
                },
                new Metadata());
        opening.sendMessage(
                SubscribeRequest.newBuilder()
                        .setTopic(topic)
                        .addPartitions(partition)
                        .setOffset(nextOffset)
                        .setMaxBytes(maxBytes)
                        .setSkipUnreadable(skipUnreadable)
                        .build());
        opening.halfClose();
        opening.request(1);
    }

    /** Of the connections to a gateway, the one that carries this stream. */
    int connection() {
        return connection;
    }

    /** Whether a stream is open that has left this process. */
    boolean isStarted() {
        return call != null && start.isStarted();
    }

    /**
     * Whether the stream waits for room on a connection that is there, and has done so for a while.
     */
    boolean isQueued(long nowNanos, long patienceNanos) {
        ManagedChannel used = channel;
        return call != null
                && !start.isStarted()
                && nowNanos - openedAtNanos > patienceNanos
                && used != null
                && used.getState(false) == ConnectivityState.READY;
    }

    /** Opens the stream anew over another connection. */
    void moveTo(int another) {
        close();
        connection = another;
        open();
    }

    /** Whether this is still the stream that counts. */
    boolean isCurrent(long number) {
        return number == stream && call != null;
    }

    /** Whether the answer counts: an owner that was superseded must not be believed. */
    boolean believes(SubscribeResponse answer) {
        if (answer.getLeaderEpoch() < leaderEpoch) {
            return false;
        }
        leaderEpoch = answer.getLeaderEpoch();
        return true;
    }

    /** Whether a stream broke, and the topic was not looked at since. */
    boolean mayBeAnother() {
        return mayBeAnother;
    }

    /** The topic was looked at after an answer had come, and is the same. */
    void isSame() {
        mayBeAnother = false;
    }

    /** A record was taken. */
    void took(long offset) {
        nextOffset = offset + 1;
    }

    /** The answer's records were all taken: asks for more. */
    void wantsMore(long answeredNextOffset) {
        failuresInARow = 0;
        nextOffset = Math.max(nextOffset, answeredNextOffset);
        ClientCall<SubscribeRequest, SubscribeResponse> present = call;
        if (isOver()) {
            close();
        } else if (present != null) {
            present.request(1);
        }
    }

    /**
     * The stream broke; {@link #open()} starts another.
     *
     * @return failures in a row, this one included
     */
    int broke(GatewayError why) {
        ManagedChannel used = channel;
        if (used != null && why.code().equals(GatewayError.NETWORK_EXCEPTION)) {
            gateways.failed(used);
        }
        return drop();
    }

    /**
     * Leaves the stream, whose channel works but whose answer cannot be used; {@link #open()}
     * starts another.
     *
     * @return failures in a row, this one included
     */
    int drop() {
        close();
        mayBeAnother = true;
        return ++failuresInARow;
    }

    void close() {
        ClientCall<SubscribeRequest, SubscribeResponse> last = call;
        call = null;
        if (last != null) {
            last.cancel("enough", null);
        }
    }
}
