package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ackgate.client.DeliveryCallback;
import io.ackgate.client.DeliveryException;
import io.ackgate.client.RecordMetadata;
import io.ackgate.client.WriteStatus;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sums up what became of records. Written by the sender's loop, read when all callbacks have run.
 */
final class DeliveryReport implements DeliveryCallback {
    private final Map<Integer, Span> partitions = new TreeMap<>();
    private final Map<Failure, Counted> failures = new TreeMap<>();
    private long acknowledged;
    private long failed;

    /** What was written to one partition. */
    private static final class Span {
        private long records;
        private long firstOffset = Long.MAX_VALUE;
        private long lastOffset = RecordMetadata.NO_OFFSET;
    }

    private record Failure(String code, WriteStatus writeStatus) implements Comparable<Failure> {
        @Override
        public int compareTo(Failure other) {
            int byCode = code.compareTo(other.code);
            return byCode != 0 ? byCode : writeStatus.compareTo(other.writeStatus);
        }
    }

    private static final class Counted {
        private final String example;
        private long records;

        Counted(String example) {
            this.example = example;
        }
    }

    @Override
    public synchronized void onDelivery(
            @Nullable RecordMetadata metadata, @Nullable DeliveryException error) {
        if (metadata != null) {
            acknowledged++;
            Span span = partitions.computeIfAbsent(metadata.partition(), _ -> new Span());
            span.records++;
            if (metadata.offset() != RecordMetadata.NO_OFFSET) {
                span.firstOffset = Math.min(span.firstOffset, metadata.offset());
                span.lastOffset = Math.max(span.lastOffset, metadata.offset());
            }
        }
        if (error != null) {
            failed++;
            failures.computeIfAbsent(
                            new Failure(error.code(), error.writeStatus()),
                            _ -> new Counted(String.valueOf(error.getMessage())))
                    .records++;
        }
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    /** The exit status that says what became of the records. */
    synchronized int exitStatus() {
        if (failed == 0) {
            return ExitStatus.OK;
        }
        return failures.keySet().stream()
                        .anyMatch(kind -> kind.writeStatus != WriteStatus.NOT_WRITTEN)
                ? ExitStatus.MAY_HAVE_BEEN_WRITTEN
                : ExitStatus.FAILED;
    }

    /** By partition, what was acknowledged there. */
    synchronized Table partitionTable() {
        Table table = new Table("PARTITION", "RECORDS", "FIRST OFFSET", "LAST OFFSET");
        partitions.forEach(
                (partition, span) ->
                        table.row(
                                partition,
                                span.records,
                                span.lastOffset < 0 ? "" : span.firstOffset,
                                span.lastOffset < 0 ? "" : span.lastOffset));
        return table;
    }

    /** One line for each kind of failure. */
    synchronized java.util.List<String> failureLines() {
        return failures.values().stream()
                .map(
                        kind ->
                                "%d %s failed: %s"
                                        .formatted(
                                                kind.records,
                                                kind.records == 1 ? "record" : "records",
                                                kind.example))
                .toList();
    }

    synchronized void addTo(ObjectNode json) {
        json.put("acknowledged", acknowledged).put("failed", failed);
        ArrayNode spans = json.putArray("partitions");
        partitions.forEach(
                (partition, span) -> {
                    ObjectNode one =
                            spans.addObject()
                                    .put("partition", partition)
                                    .put("records", span.records);
                    if (span.lastOffset >= 0) {
                        one.put("firstOffset", span.firstOffset).put("lastOffset", span.lastOffset);
                    }
                });
        ArrayNode errors = json.putArray("errors");
        failures.forEach(
                (kind, counted) ->
                        errors.add(
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("code", kind.code)
                                        .put("writeStatus", kind.writeStatus.name())
                                        .put("records", counted.records)
                                        .put("message", counted.example)));
    }
}
