package io.ackgate.client.producer;

import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.GatewayError;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * All of one partition in this producer: the queue that callers fill, and the pipeline that the
 * sender drives. Only {@link #queue()} and {@link #touch()} are for other threads than the
 * sender's.
 */
final class PartitionLane {
    /** No timer is set. */
    static final long NEVER = Long.MAX_VALUE;

    private final TopicPartition partition;
    private final Sender sender;
    private final ProduceConnection connection;
    private final PartitionQueue queue;
    private final PartitionPipeline pipeline;
    private final long deliveryTimeoutNanos;
    private final AtomicBoolean touched = new AtomicBoolean();
    private boolean waitsForConnection;

    /** When the sender looks here again by itself; the sender's to set. */
    long timerAtNanos = NEVER;

    PartitionLane(
            TopicPartition partition,
            Sender sender,
            ProduceConnection connection,
            PartitionQueue queue,
            PartitionPipeline pipeline,
            long deliveryTimeoutNanos) {
        this.partition = partition;
        this.sender = sender;
        this.connection = connection;
        this.queue = queue;
        this.pipeline = pipeline;
        this.deliveryTimeoutNanos = deliveryTimeoutNanos;
    }

    TopicPartition partition() {
        return partition;
    }

    PartitionQueue queue() {
        return queue;
    }

    /** Asks the sender to have a look here, from any thread. */
    void touch() {
        if (touched.compareAndSet(false, true)) {
            sender.look(this);
        }
    }

    /** Sends what may be sent, ends what has run out of time, and says when to look again. */
    void look(long nowNanos) {
        // Whatever is added from here on touches the lane again.
        touched.set(false);
        try {
            work(nowNanos);
        } finally {
            // Whatever went wrong, the records here still end when their time has run out.
            sender.schedule(this, timerNeededAt(nowNanos));
        }
    }

    private void work(long nowNanos) {
        expire(nowNanos);
        while (connection.isReady()) {
            ProducerBatch batch = pipeline.next(nowNanos, queue);
            if (batch == null) {
                break;
            }
            connection.send(this, batch, nowNanos, pipeline.deadlineNanos(batch));
        }
        if (!connection.isReady() && !waitsForConnection) {
            waitsForConnection = true;
            connection.tellWhenReady(this);
        }
        if (pipeline.wantsIdentity()) {
            sender.producerIds().want(this);
        }
    }

    private long timerNeededAt(long nowNanos) {
        long at = pipeline.wakeAtNanos(nowNanos);
        long lingerEnds = queue.lingerEndsAtNanos();
        if (lingerEnds > nowNanos) {
            at = Math.min(at, lingerEnds);
        }
        long oldest = queue.oldestCreatedNanos();
        return oldest == NEVER ? at : Math.min(at, oldest + deliveryTimeoutNanos);
    }

    private void expire(long nowNanos) {
        pipeline.expire(nowNanos);
        while (true) {
            ProducerBatch batch = queue.pollCreatedBefore(nowNanos - deliveryTimeoutNanos);
            if (batch == null) {
                return;
            }
            batch.ended = true;
            sender.callbacks().failed(batch, neverSent(), WriteStatus.NOT_WRITTEN);
        }
    }

    private GatewayError neverSent() {
        String story =
                "delivery.timeout.ms=%d ran out before it could be sent"
                        .formatted(deliveryTimeoutNanos / 1_000_000);
        return sender.whyNothingIsSent()
                .map(
                        why ->
                                new GatewayError(
                                        why.code(),
                                        story + ": " + why.message(),
                                        true,
                                        WriteStatus.NOT_WRITTEN,
                                        0))
                .orElseGet(
                        () ->
                                new GatewayError(
                                        GatewayError.REQUEST_TIMED_OUT,
                                        story + ", behind others of its partition",
                                        true,
                                        WriteStatus.NOT_WRITTEN,
                                        0));
    }

    /** The connection takes batches again. */
    void connectionIsReady() {
        waitsForConnection = false;
        touch();
    }

    /** An attempt of a batch was acknowledged. */
    void acknowledged(ProducerBatch batch, Receipt receipt) {
        boolean hadEnded = batch.ended;
        pipeline.acknowledged(batch, receipt);
        leftTheWire(batch, hadEnded);
    }

    /** An attempt of a batch was refused, or its answer is lost. */
    void failed(ProducerBatch batch, GatewayError error) {
        boolean hadEnded = batch.ended;
        if (error.saysTooLarge() || error.saysUnknownTopic()) {
            // The topic is not what it was known to be.
            sender.describeAgain(partition.topic());
        }
        pipeline.failed(batch, error, sender.nowNanos());
        leftTheWire(batch, hadEnded);
    }

    private void leftTheWire(ProducerBatch batch, boolean hadEnded) {
        if (hadEnded) {
            sender.memory().give(batch.reservedBytes());
        }
        touch();
    }

    /** Ends everything: the producer closes. */
    void abandon(GatewayError why) {
        pipeline.abandon(why);
        ProducerBatch batch = queue.pollCreatedBefore(NEVER);
        while (batch != null) {
            batch.ended = true;
            sender.callbacks().failed(batch, why, WriteStatus.NOT_WRITTEN);
            batch = queue.pollCreatedBefore(NEVER);
        }
    }

    /** The identity that must not be given again, if there was one. */
    @Nullable ProducerIdentity spentIdentity() {
        return pipeline.spentIdentity();
    }

    /** Goes on under this identity. */
    void give(ProducerIdentity identity) {
        pipeline.give(identity);
        touch();
    }

    /** Puts everything that has not ended behind what is in the list. */
    void addAllTo(List<ProducerBatch> batches) {
        pipeline.addAllTo(batches);
        queue.addAllTo(batches);
    }

    @Override
    public String toString() {
        return partition.toString();
    }
}
