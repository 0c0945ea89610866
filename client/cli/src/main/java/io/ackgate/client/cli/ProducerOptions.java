package io.ackgate.client.cli;

import io.ackgate.client.Acks;
import io.ackgate.client.CompressionType;
import io.ackgate.client.Endpoint;
import io.ackgate.client.ProducerConfig;
import io.ackgate.client.Tls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How records are written. */
final class ProducerOptions {
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(30);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = "--acks",
            paramLabel = "LEVEL",
            defaultValue = "all",
            description = "When a record counts as written: 0, 1 or all (default).")
    private String acks;

    @Option(
            names = "--idempotent",
            negatable = true,
            description = {
                "Never write a record twice, whatever is retried. Default with --acks all;",
                "impossible with less."
            })
    private @Nullable Boolean idempotent;

    @Option(
            names = "--linger",
            paramLabel = "TIME",
            defaultValue = "5ms",
            converter = DurationConverter.class,
            description = "How long a batch waits for company. Default: ${DEFAULT-VALUE}.")
    private Duration linger;

    @Option(
            names = "--batch-size",
            paramLabel = "BYTES",
            defaultValue = "131072",
            description = "When a batch is full. Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Option(
            names = {"--compression", "--compression-codec"},
            paramLabel = "TYPE",
            defaultValue = "none",
            description = "How batches are compressed: none (default), gzip, snappy, lz4, zstd.")
    private String compression;

    @Option(
            names = "--delivery-timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "When to give a record up. Default: ${DEFAULT-VALUE}.")
    private Duration deliveryTimeout;

    @Option(
            names = {"-X", "--producer-config", "--command-property"},
            paramLabel = "NAME=VALUE",
            description = "Any other setting of a producer by Kafka's name; may be repeated.")
    private @Nullable Map<String, String> others;

    /** The settings, or a line that says what is wrong with them. */
    ProducerConfig config(List<Endpoint> gateways, @Nullable Tls tls) {
        try {
            Acks level = Acks.of(acks);
            Duration afterLinger = deliveryTimeout.minus(linger);
            ProducerConfig.Builder config =
                    ProducerConfig.builder()
                            .bootstrapServers(
                                    gateways.stream()
                                            .map(Endpoint::toString)
                                            .collect(Collectors.joining(",")))
                            .tls(tls)
                            .acks(level)
                            .enableIdempotence(idempotent == null ? level == Acks.ALL : idempotent)
                            .linger(linger)
                            .batchSize(batchSize)
                            .compression(CompressionType.of(compression))
                            .deliveryTimeout(deliveryTimeout)
                            .requestTimeout(
                                    afterLinger.compareTo(LONGEST_REQUEST) < 0
                                            ? afterLinger
                                            : LONGEST_REQUEST);
            if (others != null) {
                others.forEach(config::set);
            }
            return config.build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(mixee.commandLine(), e.getMessage(), e);
        }
    }
}
