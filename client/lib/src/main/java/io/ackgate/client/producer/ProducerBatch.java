package io.ackgate.client.producer;

import io.ackgate.client.CompressionType;
import io.ackgate.client.DeliveryCallback;
import io.ackgate.client.RecordMetadata;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordHeaders;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition on their common way. Open, it is guarded by its {@link PartitionQueue};
 * once taken from there it belongs to the sender's loop.
 */
final class ProducerBatch {
    /** A batch that was never sent has no place in the order yet. */
    static final long NO_ORDINAL = -1;

    private final TopicPartition partition;
    private final RecordBatchBuilder builder;
    private final CompressionType compression;
    private final long createdNanos;

    private @Nullable DeliveryCallback[] callbacks = new @Nullable DeliveryCallback[8];
    private long[] timestamps = new long[8];
    private int recordCount;
    private int reservedBytes;
    private @Nullable ByteBuffer bytes;
    private boolean hasSequence;
    private @Nullable CompletableFuture<@Nullable Void> whenEnded;

    // What follows is PartitionPipeline's to read and write.

    /**
     * Number of its first record in the order of first sends, ever growing; sequences wrap and
     * start anew, this never.
     */
    long ordinal = NO_ORDINAL;

    int baseSequence = RecordBatch.NO_SEQUENCE;

    /** How often it was put on the wire. */
    int attempts;

    /** How many of these failed through the batch's own or the connection's fault. */
    int failures;

    /** An attempt is unanswered. */
    boolean onWire;

    /** Its callbacks have run; it may still be on the wire. */
    boolean ended;

    /** Some attempt ended without the certainty that it wrote nothing. Never taken back lightly. */
    boolean mayBeWritten;

    /** It was sent alone under an identity that may have lost something before it. */
    boolean probing;

    long retryAtNanos;
    @Nullable GatewayError lastError;

    ProducerBatch(
            TopicPartition partition,
            RecordBatchBuilder builder,
            CompressionType compression,
            long createdNanos) {
        this.partition = partition;
        this.builder = builder;
        this.compression = compression;
        this.createdNanos = createdNanos;
    }

    /** A batch for some of this one's records, which has come as far as this one. */
    ProducerBatch part(RecordBatchBuilder partBuilder) {
        ProducerBatch part = new ProducerBatch(partition, partBuilder, compression, createdNanos);
        part.attempts = attempts;
        part.failures = failures;
        part.mayBeWritten = mayBeWritten;
        part.lastError = lastError;
        return part;
    }

    /** Its records go on in these batches; it has ended when they have. */
    void replacedBy(List<ProducerBatch> parts) {
        CompletableFuture<@Nullable Void> waiting = whenEnded;
        if (waiting != null) {
            var _ =
                    CompletableFuture.allOf(
                                    parts.stream()
                                            .map(ProducerBatch::whenEnded)
                                            .toArray(CompletableFuture<?>[]::new))
                            .thenRun(this::told);
        }
    }

    /** Adds a record, or gives false if the batch has no room for it. */
    boolean append(
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            RecordHeaders headers,
            @Nullable DeliveryCallback callback,
            int reserved) {
        if (!builder.append(timestampMillis, key, value, headers)) {
            return false;
        }
        if (recordCount == timestamps.length) {
            timestamps = Arrays.copyOf(timestamps, 2 * recordCount);
            callbacks = Arrays.copyOf(callbacks, 2 * recordCount);
        }
        timestamps[recordCount] = timestampMillis;
        callbacks[recordCount] = callback;
        recordCount++;
        reservedBytes += reserved;
        return true;
    }

    TopicPartition partition() {
        return partition;
    }

    int recordCount() {
        return recordCount;
    }

    /** Bytes of the batch, before its records are compressed. */
    int sizeInBytes() {
        return builder.sizeInBytes();
    }

    long createdNanos() {
        return createdNanos;
    }

    /** Of {@link BufferMemory}, to be given back when the batch has ended and left the wire. */
    int reservedBytes() {
        return reservedBytes;
    }

    /** Finishes a batch without idempotence. */
    void seal() {
        if (bytes == null) {
            bytes = RecordCompression.compressed(builder.build(), compression);
        }
    }

    /** Finishes the batch, or counts it anew under another identity. */
    void seal(ProducerIdentity identity, int sequence) {
        baseSequence = sequence;
        if (bytes == null) {
            builder.producer(identity.producerId(), identity.epoch(), sequence);
            bytes = RecordCompression.compressed(builder.build(), compression);
        } else {
            bytes = renumbered(bytes, identity, sequence);
        }
        hasSequence = true;
    }

    /**
     * A copy: a broken stream may still hold on to the old bytes, which must not change under it.
     */
    private static ByteBuffer renumbered(ByteBuffer old, ProducerIdentity identity, int sequence) {
        ByteBuffer copy = ByteBuffer.allocate(old.remaining()).put(old.duplicate()).flip();
        copy.putLong(RecordBatch.PRODUCER_ID, identity.producerId());
        copy.putShort(RecordBatch.PRODUCER_EPOCH, identity.epoch());
        copy.putInt(RecordBatch.BASE_SEQUENCE, sequence);
        copy.putInt(RecordBatch.CRC, RecordBatch.computeCrc(copy, 0, copy.remaining()));
        return copy;
    }

    /** Whether {@link #baseSequence} is one under the partition's present identity. */
    boolean hasSequence() {
        return hasSequence;
    }

    /** The sequence counts no more; {@link #seal(ProducerIdentity, int)} gives another. */
    void dropSequence() {
        hasSequence = false;
    }

    /** The finished batch; shared, not to be written to. */
    ByteBuffer bytes() {
        if (bytes == null) {
            throw new IllegalStateException("the batch of " + partition + " is not sealed");
        }
        return bytes;
    }

    /** Completes when the callbacks of its records have run. For the sender's loop only. */
    CompletableFuture<@Nullable Void> whenEnded() {
        if (whenEnded == null) {
            whenEnded = new CompletableFuture<>();
        }
        return whenEnded;
    }

    /** To be called once the callbacks of all records have run. */
    void told() {
        if (whenEnded != null) {
            whenEnded.complete(null);
        }
    }

    /** The callback of a record, if it has one. */
    @Nullable DeliveryCallback callback(int index) {
        return callbacks[index];
    }

    /** Where a record of this batch stands, by its receipt. */
    RecordMetadata metadata(int index, Receipt receipt) {
        return new RecordMetadata(
                partition.topic(),
                partition.partition(),
                receipt.baseOffset() == RecordMetadata.NO_OFFSET
                        ? RecordMetadata.NO_OFFSET
                        : receipt.baseOffset() + index,
                timestamps[index],
                receipt.leaderEpoch(),
                receipt.duplicate());
    }
}
