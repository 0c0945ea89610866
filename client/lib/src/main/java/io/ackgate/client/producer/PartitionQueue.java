package io.ackgate.client.producer;

import io.ackgate.client.CompressionType;
import io.ackgate.client.DeliveryCallback;
import io.ackgate.client.ProducerRecord;
import io.ackgate.client.RecordHeader;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordHeaders;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that were never sent, as batches: closed ones, and an open one that
 * grows. Filled by any thread, emptied by the sender's. Bounded by {@link BufferMemory}. Times are
 * nanoseconds since the producer started.
 */
final class PartitionQueue implements ReadyBatches {
    private static final int LEAST_INITIAL_BYTES = 1024;

    private final TopicPartition partition;
    private final int batchSizeBytes;
    private final long lingerNanos;
    private final CompressionType compression;
    private final RecordHeaders headers = new RecordHeaders();
    private final ArrayDeque<ProducerBatch> closed = new ArrayDeque<>();

    private @Nullable ProducerBatch open;
    private boolean impatient;

    /** What the last batch came to: the best guess of what the next one will. */
    private int lastSizeBytes = LEAST_INITIAL_BYTES;

    PartitionQueue(
            TopicPartition partition,
            int batchSizeBytes,
            long lingerNanos,
            CompressionType compression) {
        this.partition = partition;
        this.batchSizeBytes = batchSizeBytes;
        this.lingerNanos = lingerNanos;
        this.compression = compression;
    }

    /** What an append did. */
    enum Appended {
        /** The open batch took it; the lane knows of that batch already. */
        TO_OPEN_BATCH,
        /** A batch was begun or is full: the sender should have a look. */
        NEWS,
        /** The record is larger than any batch may be; nothing has changed. */
        TOO_LARGE
    }

    /**
     * Puts a record at the end.
     *
     * @param reserved bytes taken for it from {@link BufferMemory}; they go with the record
     * @param maxBatchBytes the largest batch that the topic takes
     */
    synchronized Appended append(
            ProducerRecord record,
            long timestampMillis,
            @Nullable DeliveryCallback callback,
            int reserved,
            int maxBatchBytes,
            long nowNanos) {
        RecordHeaders encoded = encode(record);
        ProducerBatch current = open;
        if (current != null
                && current.append(
                        timestampMillis,
                        record.key(),
                        record.value(),
                        encoded,
                        callback,
                        reserved)) {
            if (current.sizeInBytes() < batchSizeBytes) {
                return Appended.TO_OPEN_BATCH;
            }
            close(current);
            return Appended.NEWS;
        }
        ProducerBatch fresh =
                begin(
                        record,
                        timestampMillis,
                        encoded,
                        callback,
                        reserved,
                        maxBatchBytes,
                        nowNanos);
        if (fresh == null) {
            return Appended.TOO_LARGE;
        }
        if (current != null) {
            close(current);
        }
        open = fresh;
        return Appended.NEWS;
    }

    private @Nullable ProducerBatch begin(
            ProducerRecord record,
            long timestampMillis,
            RecordHeaders encoded,
            @Nullable DeliveryCallback callback,
            int reserved,
            int maxBatchBytes,
            long nowNanos) {
        int usual = Math.min(batchSizeBytes, maxBatchBytes);
        int initial = Math.min(usual, Math.max(lastSizeBytes, LEAST_INITIAL_BYTES));
        ProducerBatch batch =
                new ProducerBatch(
                        partition, new RecordBatchBuilder(initial, usual), compression, nowNanos);
        if (batch.append(
                timestampMillis, record.key(), record.value(), encoded, callback, reserved)) {
            return batch;
        }
        ProducerBatch roomy =
                new ProducerBatch(
                        partition,
                        new RecordBatchBuilder(reserved, maxBatchBytes),
                        compression,
                        nowNanos);
        boolean fits =
                roomy.append(
                        timestampMillis, record.key(), record.value(), encoded, callback, reserved);
        return fits ? roomy : null;
    }

    private RecordHeaders encode(ProducerRecord record) {
        if (record.headers().isEmpty()) {
            return RecordHeaders.NONE;
        }
        headers.clear();
        for (RecordHeader header : record.headers()) {
            headers.add(header.key(), header.value());
        }
        return headers;
    }

    private void close(ProducerBatch batch) {
        lastSizeBytes = batch.sizeInBytes();
        closed.add(batch);
        open = null;
    }

    @Override
    public synchronized @Nullable ProducerBatch poll(long nowNanos) {
        ProducerBatch full = closed.poll();
        if (full != null) {
            return full;
        }
        ProducerBatch current = open;
        if (current == null || (!impatient && readyAt(current) > nowNanos)) {
            return null;
        }
        lastSizeBytes = current.sizeInBytes();
        open = null;
        return current;
    }

    private long readyAt(ProducerBatch batch) {
        return batch.createdNanos() + lingerNanos;
    }

    /** While a flush waits, lingering would only make it wait longer. */
    synchronized void impatient(boolean flushing) {
        impatient = flushing;
    }

    /** Takes out the oldest batch if it was created then or before, ready or not. */
    synchronized @Nullable ProducerBatch pollCreatedBefore(long nanos) {
        ProducerBatch oldest = closed.isEmpty() ? open : closed.peek();
        if (oldest == null || oldest.createdNanos() > nanos) {
            return null;
        }
        if (oldest == open) {
            open = null;
        } else {
            closed.poll();
        }
        return oldest;
    }

    /**
     * When the open batch has lingered long enough, if it is the first.
     *
     * @return {@link Long#MAX_VALUE} if there is none, or something is ready already
     */
    synchronized long lingerEndsAtNanos() {
        return open == null || impatient || !closed.isEmpty() ? Long.MAX_VALUE : readyAt(open);
    }

    /** Puts what is there now, in order, behind what is in the list. */
    synchronized void addAllTo(List<ProducerBatch> batches) {
        batches.addAll(closed);
        if (open != null) {
            batches.add(open);
        }
    }

    /** When the oldest batch was created; {@link Long#MAX_VALUE} if there is none. */
    synchronized long oldestCreatedNanos() {
        ProducerBatch oldest = closed.isEmpty() ? open : closed.peek();
        return oldest == null ? Long.MAX_VALUE : oldest.createdNanos();
    }
}
