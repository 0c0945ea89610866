package io.ackgate.client.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ackgate.client.AckgateProducer;
import io.ackgate.client.DeliveryCallback;
import io.ackgate.client.ProducerConfig;
import io.ackgate.client.ProducerRecord;
import io.ackgate.client.wire.ChannelFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes lines as records and reports what became of them. */
@Command(
        name = "produce",
        description = {
            "Writes the lines of standard input, or of a file, as records. A line feed ends a"
                    + " line;",
            "every other byte of it is the value. Ends with a report of what was acknowledged: its",
            "status is 0 if everything was, 3 if something that was not may have been written."
        },
        mixinStandardHelpOptions = true)
final class ProduceCommand implements Callable<Integer> {
    /** The greatest max.message.bytes that a topic can have. */
    private static final int MAX_LINE_BYTES = 16 << 20;

    @Spec private CommandSpec spec;
    @Mixin private GatewayOption gateway;
    @Mixin private OutputOption output;
    @Mixin private ProducerOptions options;

    @Parameters(paramLabel = "TOPIC")
    private String topic;

    @Option(names = "--file", paramLabel = "PATH", description = "Read lines from here.")
    private @Nullable Path file;

    @Option(
            names = "--key-pointer",
            paramLabel = "POINTER",
            description = {
                "Each line is a JSON document, and its key stands there, such as",
                "/properties/net. A record whose pointer leads nowhere gets no key."
            })
    private @Nullable String keyPointer;

    @Option(
            names = "--json",
            description = {
                "Each line is a record as consume -o json prints it: key, value, headers and",
                "timestamp are written again, its partition follows from its key."
            })
    private boolean json;

    @Option(
            names = "--keep-partitions",
            description = "With --json: each record goes to the partition that its line names.")
    private boolean keepPartitions;

    @Option(
            names = "--null-value",
            paramLabel = "TEXT",
            description = "A line that is exactly this has no value: a tombstone.")
    private @Nullable String nullValue;

    @Option(names = "--key", description = "All records have this key.")
    private @Nullable String key;

    @Option(
            names = "--partition",
            description = "Where all records go. Default: where their keys say.")
    private @Nullable Integer partition;

    @Option(
            names = "--repeat-each",
            description = {
                "Send every batch twice with the same sequence, as a retry after a lost answer",
                "would, and say what the second answer was."
            })
    private boolean repeatEach;

    @Option(
            names = {"-v", "--verbose"},
            description = "Print every record's partition and offset, or its error.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        ProducerConfig config = options.config(gateway.endpoints(), gateway.tls());
        LineRecords.KeyRule keys = keyRule();
        TopicProbe.requireTopic(config.bootstrapServers(), config.tls(), topic);
        RepeatedBatches repetitions = new RepeatedBatches();
        DeliveryReport report = new DeliveryReport();
        Progress progress = output.progress();
        long start = System.nanoTime();
        long sent = 0;
        CommandFailure failure = null;
        try (InputStream in = input();
                AckgateProducer producer =
                        new AckgateProducer(config, channels(config, repetitions))) {
            LineReader lines = new LineReader(in, MAX_LINE_BYTES);
            RecordSource source =
                    json
                            ? new JsonLineRecords(lines, topic, keepPartitions)
                            : new LineRecords(lines, topic, keys, nullValue);
            long bytes = file == null ? 0 : Files.size(file);
            try {
                ProducerRecord record = source.next();
                while (record != null) {
                    record = partition == null ? record : record.toPartition(partition);
                    producer.send(record, callback(record, report));
                    sent++;
                    long sentSoFar = sent;
                    progress.show(
                            lines.bytesRead(),
                            bytes,
                            sent,
                            () ->
                                    "%,d sent, %,d acknowledged"
                                            .formatted(sentSoFar, report.acknowledged()));
                    record = source.next();
                }
            } catch (CommandFailure wrongLine) {
                failure = wrongLine;
            }
            producer.flush();
            repetitions.awaitAnswers(config.requestTimeout());
        }
        progress.clear();
        print(config, report, repetitions, sent, (System.nanoTime() - start) / 1e9);
        if (failure != null) {
            output.err().println("ackgate: " + failure.getMessage());
            return Math.max(ExitStatus.FAILED, report.exitStatus());
        }
        return report.exitStatus();
    }

    private ChannelFactory channels(ProducerConfig config, RepeatedBatches repetitions) {
        return repeatEach
                ? ChannelFactory.intercepted(config.tls(), repetitions)
                : ChannelFactory.of(config.tls());
    }

    private InputStream input() throws IOException {
        if (file == null) {
            return System.in;
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new ParameterException(spec.commandLine(), "there is no file " + file, e);
        }
    }

    private LineRecords.KeyRule keyRule() {
        if (keyPointer != null && key != null) {
            throw new ParameterException(
                    spec.commandLine(), "--key and --key-pointer cannot both name the key");
        }
        if (json && (keyPointer != null || key != null || nullValue != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "with --json a line has its own key and value: leave out --key, --key-pointer"
                            + " and --null-value");
        }
        if (keepPartitions && (!json || partition != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--keep-partitions needs --json, and no --partition");
        }
        if (keyPointer == null) {
            return key == null
                    ? new LineRecords.KeyRule.None()
                    : new LineRecords.KeyRule.Fixed(key);
        }
        try {
            return new LineRecords.KeyRule.At(JsonPointer.compile(keyPointer));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--key-pointer: " + e.getMessage(), e);
        }
    }

    private DeliveryCallback callback(ProducerRecord record, DeliveryReport report) {
        if (!verbose) {
            return report;
        }
        return (metadata, error) -> {
            byte[] recordKey = record.key();
            String name = recordKey == null ? "-" : new String(recordKey, StandardCharsets.UTF_8);
            output.out()
                    .println(
                            metadata != null
                                    ? "%s-%d@%d %s"
                                            .formatted(
                                                    metadata.topic(),
                                                    metadata.partition(),
                                                    metadata.offset(),
                                                    name)
                                    : "failed %s %s".formatted(name, error));
            report.onDelivery(metadata, error);
        };
    }

    private void print(
            ProducerConfig config,
            DeliveryReport report,
            RepeatedBatches repetitions,
            long sent,
            double seconds) {
        if (output.isJson()) {
            ObjectNode summary =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("topic", topic)
                            .put("acks", config.acks().toString())
                            .put("idempotent", config.enableIdempotence())
                            .put("sent", sent)
                            .put("seconds", Math.round(seconds * 1_000) / 1_000.0);
            report.addTo(summary);
            if (repeatEach) {
                summary.putObject("repeated")
                        .put("batches", repetitions.repeated())
                        .put("answeredAsDuplicates", repetitions.recognised())
                        .put("writtenAgain", repetitions.writtenAgain())
                        .put("refused", repetitions.refused());
            }
            output.print(summary);
        } else {
            if (report.acknowledged() > 0) {
                output.print(report.partitionTable());
            }
            output.out()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "%d of %d records acknowledged at acks=%s%s in %.2f s",
                                    report.acknowledged(),
                                    sent,
                                    config.acks(),
                                    config.enableIdempotence() ? ", idempotent," : "",
                                    seconds));
            if (repeatEach) {
                output.out()
                        .println(
                                "%d batches sent twice: %d answered as duplicates, %d written again, %d refused"
                                        .formatted(
                                                repetitions.repeated(),
                                                repetitions.recognised(),
                                                repetitions.writtenAgain(),
                                                repetitions.refused()));
            }
        }
        report.failureLines().forEach(line -> output.err().println("ackgate: " + line));
    }
}
