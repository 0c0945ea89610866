package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.record.Murmur2;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.RecordHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds plain records into batches, one per partition that they go to. Any thread. */
final class KeyedRecords {
    /** What a record takes beside key and value when its deltas and lengths are small. */
    private static final int USUAL_OVERHEAD_BYTES = 14;

    private final StickyPartitions sticky;

    KeyedRecords(StickyPartitions sticky) {
        this.sticky = sticky;
    }

    /**
     * Batches of a request whose fields beside the records are known to be right.
     *
     * @param nowMillis timestamp for records that bring none
     */
    Batches toBatches(
            ProduceCommand command, Payload.Records records, Topic topic, long nowMillis) {
        Integer partition = command.partition();
        if (partition != null) {
            return one(records, command.producer(), topic, partition, nowMillis);
        }
        int[] partitions = partitionsOf(records, topic);
        int first = partitions[0];
        return Arrays.stream(partitions).allMatch(each -> each == first)
                ? one(records, command.producer(), topic, first, nowMillis)
                : split(records, topic, indexesByPartition(partitions), nowMillis);
    }

    /** Where each record goes. Those without a key stay together, in their order. */
    private int[] partitionsOf(Payload.Records records, Topic topic) {
        int[] partitions = new int[records.count()];
        int unkeyed = -1;
        for (int i = 0; i < partitions.length; i++) {
            ByteBuffer key = records.key(i);
            if (key != null) {
                partitions[i] = Murmur2.partitionForKey(key, topic.partitions());
                continue;
            }
            if (unkeyed < 0) {
                unkeyed = sticky.choose(topic, estimatedBytes(records));
            }
            partitions[i] = unkeyed;
        }
        return partitions;
    }

    /** In the order of each partition's first record. */
    private static Map<Integer, List<Integer>> indexesByPartition(int[] partitions) {
        Map<Integer, List<Integer>> indexes = new LinkedHashMap<>();
        for (int i = 0; i < partitions.length; i++) {
            indexes.computeIfAbsent(partitions[i], partition -> new ArrayList<>()).add(i);
        }
        return indexes;
    }

    private static Batches one(
            Payload.Records records,
            @Nullable ProducerSequence producer,
            Topic topic,
            int partition,
            long nowMillis) {
        RecordBatchBuilder builder = builder(topic, estimatedBytes(records));
        long unset = nowMillis;
        if (producer != null) {
            builder.producer(
                    producer.producerId(),
                    (short) producer.producerEpoch(),
                    producer.baseSequence());
            unset = timestampOfThoseWithout(records, nowMillis);
        }
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < records.count(); i++) {
            Failure defect = append(builder, records, i, topic, unset, headers);
            if (defect != null) {
                return new Batches.Refused(defect);
            }
        }
        return new Batches.Built(List.of(batch(builder, topic, partition, List.of())));
    }

    /**
     * The timestamp of records that bring none: the time of arrival. Beside others that bring one
     * it is the first of those where a retry is to be recognised: records are stored with their
     * distance in time from the first one, and a distance from the time of arrival would differ
     * from one attempt to the next.
     */
    private static long timestampOfThoseWithout(Payload.Records records, long nowMillis) {
        for (int i = 0; i < records.count(); i++) {
            long given = records.timestampMillis(i, -1);
            if (given >= 0) {
                return given;
            }
        }
        return nowMillis;
    }

    private static Batches split(
            Payload.Records records,
            Topic topic,
            Map<Integer, List<Integer>> indexesByPartition,
            long nowMillis) {
        List<PartitionBatch> batches = new ArrayList<>(indexesByPartition.size());
        RecordHeaders headers = new RecordHeaders();
        for (Map.Entry<Integer, List<Integer>> entry : indexesByPartition.entrySet()) {
            List<Integer> indexes = entry.getValue();
            int bytes = 0;
            for (int index : indexes) {
                bytes += estimatedBytes(records, index);
            }
            RecordBatchBuilder builder = builder(topic, bytes);
            for (int index : indexes) {
                Failure defect = append(builder, records, index, topic, nowMillis, headers);
                if (defect != null) {
                    return new Batches.Refused(defect);
                }
            }
            batches.add(batch(builder, topic, entry.getKey(), List.copyOf(indexes)));
        }
        return new Batches.Built(batches);
    }

    private static RecordBatchBuilder builder(Topic topic, int bytes) {
        return new RecordBatchBuilder(
                RecordBatch.HEADER_BYTES + bytes, topic.settings().maxMessageBytes());
    }

    private static PartitionBatch batch(
            RecordBatchBuilder builder, Topic topic, int partition, List<Integer> indexes) {
        int count = builder.recordCount();
        return new PartitionBatch(
                topic.partition(partition), builder.buildWithHeadRoom(), count, indexes);
    }

    private static @Nullable Failure append(
            RecordBatchBuilder builder,
            Payload.Records records,
            int index,
            Topic topic,
            long unsetMillis,
            RecordHeaders headers) {
        long timestamp = records.timestampMillis(index, unsetMillis);
        if (timestamp < 0) {
            return Failure.notWritten(
                    ErrorCode.INVALID_TIMESTAMP,
                    "records[%d].timestamp_ms".formatted(index),
                    "timestamp %d is negative".formatted(timestamp));
        }
        if (records.headerCount(index) > RecordBatchReader.MAX_HEADERS) {
            return Failure.notWritten(
                    ErrorCode.INVALID_RECORD,
                    "records[%d].headers".formatted(index),
                    "record %d has %d headers, a record may have %d"
                            .formatted(
                                    index,
                                    records.headerCount(index),
                                    RecordBatchReader.MAX_HEADERS));
        }
        boolean fits =
                builder.append(
                        timestamp,
                        records.key(index),
                        records.value(index),
                        headersOf(records, index, headers));
        return fits
                ? null
                : Failure.notWritten(
                        ErrorCode.MESSAGE_TOO_LARGE,
                        "records[%d]".formatted(index),
                        "with record %d, which has a key and a value of %d bytes, the batch is over the topic's max.message.bytes, %d"
                                .formatted(
                                        index,
                                        records.contentBytes(index),
                                        topic.settings().maxMessageBytes()));
    }

    private static RecordHeaders headersOf(
            Payload.Records records, int index, RecordHeaders scratch) {
        int count = records.headerCount(index);
        if (count == 0) {
            return RecordHeaders.NONE;
        }
        scratch.clear();
        for (int i = 0; i < count; i++) {
            scratch.add(records.headerKey(index, i), records.headerValue(index, i));
        }
        return scratch;
    }

    private static int estimatedBytes(Payload.Records records) {
        long bytes = 0;
        for (int i = 0; i < records.count(); i++) {
            bytes += estimatedBytes(records, i);
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE >> 1);
    }

    private static int estimatedBytes(Payload.Records records, int index) {
        int bytes = USUAL_OVERHEAD_BYTES + records.contentBytes(index);
        for (int i = records.headerCount(index) - 1; i >= 0; i--) {
            bytes += 4 + records.headerBytes(index, i);
        }
        return bytes;
    }
}
