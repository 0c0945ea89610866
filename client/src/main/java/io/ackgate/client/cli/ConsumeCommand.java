package io.ackgate.client.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ackgate.client.AckgateConsumer;
import io.ackgate.client.ConsumedRecord;
import io.ackgate.client.RecordHeader;
import io.ackgate.client.RecordStream;
import io.ackgate.client.StartAt;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads records and prints them. */
@Command(
        name = "consume",
        description = {
            "Prints the values of a topic's records, one a line, or with -o json a document a line",
            "with partition, offset, timestamp, key and value. Ends with what is committed now."
        },
        mixinStandardHelpOptions = true)
final class ConsumeCommand implements Runnable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOK_AROUND = Duration.ofMillis(500);
    private static final long COMMIT_INTERVAL_NANOS = 1_000_000_000L;

    @Spec private CommandSpec spec;
    @Mixin private GatewayOption gateway;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "TOPIC")
    private String topic;

    @Option(
            names = "--from",
            paramLabel = "START",
            description = {
                "earliest (default), latest, an offset, or a time such as 2018-01-31T00:00:00Z.",
                "With --group: where to start in partitions it has committed nothing for."
            })
    private @Nullable String from;

    @Option(
            names = "--group",
            description = {
                "Start where this group has come to, and keep how far it came: at least every",
                "second, and at the end."
            })
    private @Nullable String group;

    @Option(names = "--partition", description = "Read this one only; may be repeated.")
    private @Nullable List<Integer> partitions;

    @Option(names = "--follow", description = "Wait for more, for ever.")
    private boolean follow;

    @Option(names = "--max", paramLabel = "RECORDS", description = "Stop after so many.")
    private @Nullable Long max;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "For the gateway to answer at all. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Override
    public void run() {
        StartAt start = start();
        // Following "latest" without waiting would print nothing, always.
        boolean stopAtEnd = !follow;
        try (AckgateConsumer consumer =
                        new AckgateConsumer(
                                gateway.endpoints(),
                                timeout,
                                io.ackgate.client.wire.ChannelFactory.NETTY);
                RecordStream stream =
                        consumer.read(
                                topic,
                                partitions == null ? List.of() : partitions,
                                start,
                                stopAtEnd)) {
            print(consumer, stream);
        }
    }

    private StartAt start() {
        try {
            StartAt place = StartAt.of(from == null ? "earliest" : from);
            return group == null ? place : new StartAt.Committed(group, place);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--from: " + e.getMessage(), e);
        }
    }

    private void print(AckgateConsumer consumer, RecordStream stream) {
        long left = max == null ? Long.MAX_VALUE : max;
        long commitAtNanos = System.nanoTime() + COMMIT_INTERVAL_NANOS;
        while (left > 0 && !stream.isOver()) {
            ConsumedRecord record = stream.next(Duration.ZERO);
            if (record == null) {
                // Nothing is there yet: show what was, and see whether anybody still looks.
                if (output.out().checkError()) {
                    break;
                }
                record = stream.next(LOOK_AROUND);
            }
            if (record != null) {
                output.out().println(output.isJson() ? json(record) : text(record.value()));
                left--;
            }
            if (group != null && System.nanoTime() - commitAtNanos >= 0) {
                output.out().flush();
                consumer.commit(group, topic, stream.positions());
                commitAtNanos = System.nanoTime() + COMMIT_INTERVAL_NANOS;
            }
        }
        output.out().flush();
        if (group != null) {
            consumer.commit(group, topic, stream.positions());
        }
    }

    private static String text(byte @Nullable [] value) {
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }

    private static String json(ConsumedRecord record) {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("partition", record.partition())
                        .put("offset", record.offset())
                        .put("timestamp", record.timestampMillis());
        put(json, "key", record.key());
        put(json, "value", record.value());
        if (!record.headers().isEmpty()) {
            ArrayNode headers = json.putArray("headers");
            for (RecordHeader header : record.headers()) {
                put(headers.addObject().put("name", header.key()), "value", header.value());
            }
        }
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As text, or in base 64 under another name when the bytes are no text. */
    private static void put(ObjectNode json, String name, byte @Nullable [] bytes) {
        if (bytes == null) {
            json.putNull(name);
            return;
        }
        try {
            json.put(
                    name,
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            json.put(name + "Base64", Base64.getEncoder().encodeToString(bytes));
        }
    }
}
