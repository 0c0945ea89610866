package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.record.Murmur2;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordHeaders;
import io.ackgate.v1.Header;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.Record;
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
    Batches toBatches(ProduceRequest request, Topic topic, long nowMillis) {
        List<Record> records = request.getRecordsList();
        if (request.hasPartition()) {
            return one(request, topic, request.getPartition(), nowMillis);
        }
        int[] partitions = partitionsOf(records, topic);
        int first = partitions[0];
        return Arrays.stream(partitions).allMatch(partition -> partition == first)
                ? one(request, topic, first, nowMillis)
                : split(records, topic, indexesByPartition(partitions), nowMillis);
    }

    /** Where each record goes. Those without a key stay together, in their order. */
    private int[] partitionsOf(List<Record> records, Topic topic) {
        int[] partitions = new int[records.size()];
        int unkeyed = -1;
        for (int i = 0; i < partitions.length; i++) {
            Record record = records.get(i);
            if (record.hasKey()) {
                partitions[i] =
                        Murmur2.partitionForKey(
                                record.getKey().asReadOnlyByteBuffer(), topic.partitions());
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

    private static Batches one(ProduceRequest request, Topic topic, int partition, long nowMillis) {
        List<Record> records = request.getRecordsList();
        RecordBatchBuilder builder = builder(topic, estimatedBytes(records));
        if (request.hasProducer()) {
            builder.producer(
                    request.getProducer().getProducerId(),
                    (short) request.getProducer().getProducerEpoch(),
                    request.getProducer().getBaseSequence());
        }
        RecordHeaders headers = new RecordHeaders();
        long unset = timestampOfThoseWithout(request, nowMillis);
        for (int i = 0; i < records.size(); i++) {
            Failure defect = append(builder, records.get(i), i, topic, unset, headers);
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
    private static long timestampOfThoseWithout(ProduceRequest request, long nowMillis) {
        if (request.hasProducer()) {
            for (Record record : request.getRecordsList()) {
                if (record.hasTimestampMs() && record.getTimestampMs() >= 0) {
                    return record.getTimestampMs();
                }
            }
        }
        return nowMillis;
    }

    private static Batches split(
            List<Record> records,
            Topic topic,
            Map<Integer, List<Integer>> indexesByPartition,
            long nowMillis) {
        List<PartitionBatch> batches = new ArrayList<>(indexesByPartition.size());
        RecordHeaders headers = new RecordHeaders();
        for (Map.Entry<Integer, List<Integer>> entry : indexesByPartition.entrySet()) {
            List<Integer> indexes = entry.getValue();
            int bytes = 0;
            for (int index : indexes) {
                bytes += estimatedBytes(records.get(index));
            }
            RecordBatchBuilder builder = builder(topic, bytes);
            for (int index : indexes) {
                Failure defect =
                        append(builder, records.get(index), index, topic, nowMillis, headers);
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
            Record record,
            int index,
            Topic topic,
            long unsetMillis,
            RecordHeaders headers) {
        long timestamp = record.hasTimestampMs() ? record.getTimestampMs() : unsetMillis;
        if (timestamp < 0) {
            return Failure.notWritten(
                    ErrorCode.INVALID_TIMESTAMP,
                    "records[%d].timestamp_ms".formatted(index),
                    "timestamp %d is negative".formatted(timestamp));
        }
        boolean fits =
                builder.append(
                        timestamp,
                        record.hasKey() ? record.getKey().asReadOnlyByteBuffer() : null,
                        record.hasValue() ? record.getValue().asReadOnlyByteBuffer() : null,
                        headersOf(record, headers));
        return fits
                ? null
                : Failure.notWritten(
                        ErrorCode.MESSAGE_TOO_LARGE,
                        "records[%d]".formatted(index),
                        "with record %d, which has a key and a value of %d bytes, the batch is over the topic's max.message.bytes, %d"
                                .formatted(
                                        index,
                                        record.getKey().size() + record.getValue().size(),
                                        topic.settings().maxMessageBytes()));
    }

    private static RecordHeaders headersOf(Record record, RecordHeaders scratch) {
        if (record.getHeadersCount() == 0) {
            return RecordHeaders.NONE;
        }
        scratch.clear();
        for (Header header : record.getHeadersList()) {
            ByteBuffer value = header.hasValue() ? header.getValue().asReadOnlyByteBuffer() : null;
            scratch.add(header.getKeyBytes().asReadOnlyByteBuffer(), value);
        }
        return scratch;
    }

    private static int estimatedBytes(List<Record> records) {
        long bytes = 0;
        for (Record record : records) {
            bytes += estimatedBytes(record);
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE >> 1);
    }

    private static int estimatedBytes(Record record) {
        int bytes = USUAL_OVERHEAD_BYTES + record.getKey().size() + record.getValue().size();
        for (Header header : record.getHeadersList()) {
            bytes += 4 + 2 * header.getKey().length() + header.getValue().size();
        }
        return bytes;
    }
}
