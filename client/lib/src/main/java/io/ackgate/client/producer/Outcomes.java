package io.ackgate.client.producer;

import io.ackgate.client.DeliveryCallback;
import io.ackgate.client.DeliveryException;
import io.ackgate.client.ProducerMetrics;
import io.ackgate.client.ProducerRecord;
import io.ackgate.client.RecordHeader;
import io.ackgate.client.RecordMetadata;
import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.GatewayError;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Calls the callback of every record of a batch, and gives the batch's memory back. */
final class Outcomes implements BatchCallbacks {
    /** Lengths, deltas, attributes and counts of a record, each at its largest. */
    private static final int RECORD_OVERHEAD_BYTES = 41;

    private static final int HEADER_OVERHEAD_BYTES = 10;

    /** A char takes at most three bytes of UTF-8. */
    private static final int MAX_BYTES_PER_CHAR = 3;

    private final BufferMemory memory;
    private final ProducerMetrics metrics;
    private final LongSupplier nowNanos;
    private final System.Logger log;

    /**
     * @param nowNanos since the producer started
     */
    Outcomes(
            BufferMemory memory,
            ProducerMetrics metrics,
            LongSupplier nowNanos,
            System.Logger log) {
        this.memory = memory;
        this.metrics = metrics;
        this.nowNanos = nowNanos;
        this.log = log;
    }

    /** The most that a record takes in a batch, bytes. */
    static int roomFor(ProducerRecord record) {
        long bytes = RECORD_OVERHEAD_BYTES + length(record.key()) + length(record.value());
        for (RecordHeader header : record.headers()) {
            bytes += HEADER_OVERHEAD_BYTES + (long) MAX_BYTES_PER_CHAR * header.key().length();
            bytes += length(header.value());
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    @Override
    public void acknowledged(ProducerBatch batch, Receipt receipt) {
        for (int i = 0; i < batch.recordCount(); i++) {
            DeliveryCallback callback = batch.callback(i);
            if (callback != null) {
                tell(callback, batch.metadata(i, receipt), null);
            }
        }
        ended(batch, null);
    }

    @Override
    public void failed(ProducerBatch batch, GatewayError why, WriteStatus writeStatus) {
        TopicPartition partition = batch.partition();
        DeliveryException error =
                new DeliveryException(
                        partition.topic(),
                        partition.partition(),
                        why.code(),
                        writeStatus,
                        why.retriable(),
                        batch.attempts,
                        why.message());
        for (int i = 0; i < batch.recordCount(); i++) {
            DeliveryCallback callback = batch.callback(i);
            if (callback != null) {
                tell(callback, null, error);
            }
        }
        ended(batch, error);
    }

    /** Ends a record that never was in a batch. */
    void rejected(@Nullable DeliveryCallback callback, DeliveryException why) {
        metrics.onDelivered(why.topic(), why.partition(), 1, why, 0);
        if (callback != null) {
            tell(callback, null, why);
        }
    }

    private void tell(
            DeliveryCallback callback,
            @Nullable RecordMetadata metadata,
            @Nullable DeliveryException error) {
        try {
            callback.onDelivery(metadata, error);
        } catch (RuntimeException | Error e) {
            // The callbacks of the other records of the batch have to run as well.
            log.log(System.Logger.Level.WARNING, "a delivery callback threw", e);
        }
    }

    private void ended(ProducerBatch batch, @Nullable DeliveryException error) {
        metrics.onDelivered(
                batch.partition().topic(),
                batch.partition().partition(),
                batch.recordCount(),
                error,
                nowNanos.getAsLong() - batch.createdNanos());
        // On the wire its bytes are still held on to; the lane gives them back when it comes off.
        if (!batch.onWire) {
            memory.give(batch.reservedBytes());
        }
        batch.told();
    }
}
