package io.ackgate.client.cli;

import io.ackgate.client.AckgateConsumer;
import io.ackgate.client.ConsumedRecord;
import io.ackgate.client.RecordStream;
import io.ackgate.client.SkippedRecords;
import io.ackgate.client.StartAt;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
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
            "with partition, offset, timestamp, key, value and headers, which produce --json"
                    + " takes.",
            "Values are printed as the bytes that they are. Ends with what is committed now."
        },
        mixinStandardHelpOptions = true)
final class ConsumeCommand implements Runnable {
    private static final Duration LOOK_AROUND = Duration.ofMillis(500);

    @Spec private CommandSpec spec;
    @Mixin private GatewayOption gateway;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "TOPIC")
    private String topic;

    @Option(
            names = "--from",
            paramLabel = "START",
            description = {
                "earliest (default), latest, an offset, -10 for the last 10 records of each",
                "partition, or a time such as 2018-01-31T00:00:00Z.",
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

    @Option(
            names = {"-f", "--follow"},
            description = "Wait for more, for ever.")
    private boolean follow;

    @Option(
            names = {"-n", "--max"},
            paramLabel = "RECORDS",
            description = "Stop after so many.")
    private @Nullable Long max;

    @Option(
            names = "--show",
            paramLabel = "FIELDS",
            split = ",",
            description = {
                "What stands before a value, with a tab behind each: partition, offset, timestamp,",
                "key and headers, in the order given, with commas. A key that is null is null."
            })
    private @Nullable List<RecordText.Field> show;

    @Option(
            names = "--null-value",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Printed for a record without a value, a tombstone. Default: nothing.")
    private String nullValue;

    @Option(
            names = "--skip-unreadable",
            description = {
                "Step over batches in the log that cannot be read, and say which, instead of",
                "ending there."
            })
    private boolean skipUnreadable;

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
                        new AckgateConsumer(gateway.endpoints(), timeout, gateway.channels());
                RecordStream stream =
                        consumer.read(
                                topic,
                                partitions == null ? List.of() : partitions,
                                start,
                                stopAtEnd,
                                skipUnreadable ? this::tell : null)) {
            print(consumer, stream);
        }
    }

    private void tell(SkippedRecords skipped) {
        output.err()
                .printf(
                        "stepped over offsets %d to %d of partition %d: %s%n",
                        skipped.offset(),
                        skipped.nextOffset() - 1,
                        skipped.partition(),
                        skipped.reason());
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
        OutputStream out = output.bytes();
        RecordText text = new RecordText(show == null ? List.of() : show, nullValue);
        long left = max == null ? Long.MAX_VALUE : max;
        GroupCommits commits =
                group == null ? null : new GroupCommits(consumer, group, topic, output.err());
        while (left > 0 && !stream.isOver()) {
            ConsumedRecord record = stream.next(Duration.ZERO);
            if (record == null) {
                // Nothing is there yet: show what was, and see whether the reader is still there.
                if (!flushed(out)) {
                    break;
                }
                record = stream.next(LOOK_AROUND);
            }
            if (record != null) {
                if (!printed(out, record, text)) {
                    break;
                }
                left--;
            }
            if (commits != null && commits.isDue()) {
                if (!flushed(out)) {
                    break;
                }
                commits.now(stream);
            }
        }
        // What the reader did not take is not committed: it is read again.
        if (flushed(out) && commits != null) {
            commits.atEnd(stream);
        }
    }

    /** False if the reader of the output has gone. */
    private boolean printed(OutputStream out, ConsumedRecord record, RecordText text) {
        try {
            if (output.isJson()) {
                out.write(RecordJson.write(record));
            } else {
                text.write(record, out);
            }
            out.write('\n');
            return true;
        } catch (IOException nobodyLooks) {
            return false;
        }
    }

    private static boolean flushed(OutputStream out) {
        try {
            out.flush();
            return true;
        } catch (IOException nobodyLooks) {
            return false;
        }
    }
}
