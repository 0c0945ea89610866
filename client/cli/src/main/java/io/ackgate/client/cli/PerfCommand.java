package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ackgate.client.AckgateProducer;
import io.ackgate.client.ProducerConfig;
import io.ackgate.client.RequestException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures writing: throughput flat out, or latency at an offered rate. */
@Command(
        name = "perf",
        description = {
            "Writes records and measures. With --rate, latency counts from the intended send;",
            "without, records go out as fast as the window allows."
        },
        mixinStandardHelpOptions = true)
final class PerfCommand implements Callable<Integer> {
    @Mixin private GatewayOption gateway;
    @Mixin private OutputOption output;
    @Mixin private ProducerOptions options;

    @Option(
            names = "--topic",
            defaultValue = "perf",
            description = "Created if it is not there. Default: ${DEFAULT-VALUE}.")
    private String topic;

    @Option(
            names = "--partitions",
            defaultValue = "1",
            description = "Of a topic that is created. Default: ${DEFAULT-VALUE}.")
    private int partitions;

    @Option(
            names = "--topic-config",
            paramLabel = "NAME=VALUE",
            description = "Setting of a topic that is created; may be repeated.")
    private @Nullable Map<String, String> topicConfig;

    @Option(
            names = "--records",
            defaultValue = "100000",
            description = "To be measured. Default: ${DEFAULT-VALUE}.")
    private long records;

    @Option(
            names = "--record-size",
            paramLabel = "BYTES",
            defaultValue = "1024",
            description = "Of a value. Default: ${DEFAULT-VALUE}.")
    private int recordSize;

    @Option(
            names = "--rate",
            paramLabel = "RECORDS/S",
            defaultValue = "0",
            description = "Offered. Default: 0, as fast as possible.")
    private int rate;

    @Option(
            names = "--window",
            paramLabel = "RECORDS",
            defaultValue = "10000",
            description = "Outstanding at most. Default: ${DEFAULT-VALUE}.")
    private int window;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "Sending before anything counts. Default: ${DEFAULT-VALUE}.")
    private Duration warmup;

    @Option(
            names = "--payload-file",
            paramLabel = "PATH",
            description = "Send its lines, cut or repeated to size. Default: random characters.")
    private @Nullable Path payloadFile;

    @Option(
            names = "--repeat",
            paramLabel = "TIMES",
            defaultValue = "1",
            description = "Measure again and again. Default: ${DEFAULT-VALUE}.")
    private int repeat;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ProducerConfig config = options.config(gateway.endpoints(), gateway.tls());
        byte[][] payloads =
                payloadFile == null
                        ? Payloads.random(recordSize)
                        : Payloads.fromLines(payloadFile, recordSize);
        createTopic();
        PerfLoad.Plan plan = new PerfLoad.Plan(rate, window, warmup, records);
        List<PerfResult> results = new ArrayList<>();
        try (AckgateProducer producer = new AckgateProducer(config)) {
            for (int run = 0; run < repeat; run++) {
                results.add(new PerfLoad(producer, topic, payloads, plan, output.progress()).run());
            }
        }
        print(config, results);
        boolean failed = results.stream().anyMatch(result -> result.failed() > 0);
        return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private void createTopic() {
        ObjectNode body =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("name", topic)
                        .put("partitions", partitions);
        if (topicConfig != null) {
            ObjectNode settings = body.putObject("settings");
            topicConfig.forEach(settings::put);
        }
        try {
            gateway.admin().post("/topics", body);
        } catch (RequestException e) {
            if (!e.code().equals("TOPIC_ALREADY_EXISTS")) {
                throw e;
            }
        }
    }

    private void print(ProducerConfig config, List<PerfResult> results) {
        if (output.isJson()) {
            ObjectNode json =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("topic", topic)
                            .put("acks", config.acks().toString())
                            .put("idempotent", config.enableIdempotence())
                            .put("offeredPerSecond", rate);
            ArrayNode runs = json.putArray("runs");
            results.forEach(result -> runs.add(result.json()));
            output.print(json);
        } else {
            output.out()
                    .println(
                            "topic %s, acks=%s%s, %d bytes, %s"
                                    .formatted(
                                            topic,
                                            config.acks(),
                                            config.enableIdempotence() ? ", idempotent" : "",
                                            recordSize,
                                            rate == 0
                                                    ? "flat out, window " + window
                                                    : "offered " + rate + "/s"));
            Table table = PerfResult.table();
            for (int run = 0; run < results.size(); run++) {
                results.get(run).addTo(table, run + 1);
            }
            output.print(table);
        }
        for (PerfResult result : results) {
            if (result.firstError() != null) {
                output.err().println("ackgate: " + result.firstError());
            }
            if (rate > 0 && result.maxLateSeconds() > 0.005) {
                output.err()
                        .println(
                                "ackgate: sending fell behind its schedule by up to %d ms"
                                        .formatted((long) (result.maxLateSeconds() * 1_000)));
            }
        }
    }
}
