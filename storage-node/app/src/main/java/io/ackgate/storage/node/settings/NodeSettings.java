package io.ackgate.storage.node.settings;

import io.ackgate.storage.api.ClusterIds;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.ScrubSettings;
import io.ackgate.storage.journal.JournalSettings;
import io.quarkus.runtime.configuration.MemorySize;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The node's settings, each within its bounds.
 *
 * @param clusterId the cluster that the node must belong to; {@link ClusterIds#NONE} for that of
 *     its data directory, or of the first gateway
 * @param reflection whether gRPC reflection is on
 * @param maxPendingBytes bytes of one gateway's requests that the engine may hold in memory
 */
public record NodeSettings(
        NodeId id,
        String clusterId,
        Path dataDir,
        int port,
        int ioThreads,
        boolean reflection,
        long maxPendingBytes,
        EngineSettings engine) {

    private static final String PREFIX = "ackgate.node.";
    private static final int BLOCK_BYTES = 4096;
    private static final long KIB = 1 << 10;
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    /**
     * Checks what was given.
     *
     * @throws InvalidSettingException for the first setting that is out of its bounds
     */
    public static NodeSettings of(NodeConfig config) {
        NodeConfig.Node node = config.node();
        if (node.id().isEmpty()) {
            throw new InvalidSettingException(
                    PREFIX + "id", "not set", "1 or more, and another one on each node");
        }
        int id = number("id", node.id().getAsInt(), 1, Integer.MAX_VALUE);
        return new NodeSettings(
                new NodeId(id),
                clusterId(config),
                Path.of(node.dataDir().orElse("data/node-" + id)),
                within("ackgate.listen-port", config.listenPort(), 0, 65_535),
                number("io-threads", node.ioThreads(), 1, 64),
                config.apiBrowsing().isOn(config.listen()),
                size("max-pending-size", node.maxPendingSize(), MIB, 4 * GIB),
                engine(node));
    }

    private static String clusterId(NodeConfig config) {
        config.clusterId()
                .filter(given -> !ClusterIds.isAllowed(given))
                .ifPresent(
                        given -> {
                            throw new InvalidSettingException(
                                    "ackgate.cluster-id", "'" + given + "'", ClusterIds.ALLOWED);
                        });
        return config.clusterId().orElse(ClusterIds.NONE);
    }

    private static EngineSettings engine(NodeConfig.Node config) {
        NodeConfig.JournalConfig journal = config.journal();
        long fileBytes = size("journal.file-size", journal.fileSize(), MIB, GIB);
        if (fileBytes % BLOCK_BYTES != 0) {
            throw new InvalidSettingException(
                    PREFIX + "journal.file-size", fileBytes + " bytes", "a multiple of 4K");
        }
        JournalSettings sizes =
                new JournalSettings(
                        (int) fileBytes,
                        BLOCK_BYTES,
                        JournalSettings.DEFAULTS.chunkBytes(),
                        number("journal.kept-files", journal.keptFiles(), 2, 1024),
                        JournalSettings.DEFAULTS.groupBytes());
        return new EngineSettings(
                sizes,
                size("journal.checkpoint-size", journal.checkpointSize(), MIB, 64 * GIB),
                number(
                        "journal.checkpoint-batches",
                        journal.checkpointBatches(),
                        1_000,
                        10_000_000),
                duration(
                        "journal.checkpoint-interval",
                        journal.checkpointInterval(),
                        Duration.ofSeconds(1),
                        Duration.ofHours(1)),
                (int)
                        size(
                                "max-frame-size",
                                config.maxFrameSize(),
                                64 * KIB,
                                sizes.maxFrameBytes()),
                EngineSettings.DEFAULTS.highWatermarkIntervalMillis(),
                EngineSettings.DEFAULTS.retentionIntervalMillis(),
                EngineSettings.DEFAULTS.indexIntervalBytes(),
                EngineSettings.DEFAULTS.reserveBytes(),
                scrub(config.scrub()));
    }

    private static ScrubSettings scrub(NodeConfig.ScrubConfig scrub) {
        long rate = scrub.rate().asLongValue();
        return new ScrubSettings(
                rate == 0 ? 0 : size("scrub.rate", scrub.rate(), 64 * KIB, GIB),
                duration(
                        "scrub.interval",
                        scrub.interval(),
                        Duration.ofMinutes(1),
                        Duration.ofDays(30)),
                ScrubSettings.DEFAULTS.pieceBytes());
    }

    private static int number(String name, int given, int min, int max) {
        return within(PREFIX + name, given, min, max);
    }

    private static int within(String setting, int given, int min, int max) {
        if (given < min || given > max) {
            throw new InvalidSettingException(
                    setting,
                    given,
                    max == Integer.MAX_VALUE ? min + " or more" : min + " to " + max);
        }
        return given;
    }

    private static long size(String name, MemorySize given, long min, long max) {
        long bytes = given.asLongValue();
        if (bytes < min || bytes > max) {
            throw new InvalidSettingException(
                    PREFIX + name,
                    bytes + " bytes",
                    "%d to %d bytes; K, M and G may be used".formatted(min, max));
        }
        return bytes;
    }

    private static long duration(String name, Duration given, Duration min, Duration max) {
        if (given.compareTo(min) < 0 || given.compareTo(max) > 0) {
            throw new InvalidSettingException(
                    PREFIX + name,
                    given.toMillis() + " ms",
                    "%d to %d ms; s, m and h may be used"
                            .formatted(min.toMillis(), max.toMillis()));
        }
        return given.toMillis();
    }
}
