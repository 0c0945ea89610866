package io.ackgate.storage.node.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.engine.EngineSettings;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsTest {
    @Test
    void a_node_needs_nothing_but_its_number() {
        NodeSettings settings = settings("id", "3");
        assertEquals(new NodeId(3), settings.id());
        assertEquals("ackgate", settings.clusterId());
        assertEquals(Path.of("data/node-3"), settings.dataDir());
        assertEquals(9090, settings.port());
        assertEquals(1, settings.ioThreads());
        assertEquals(64L << 20, settings.maxPendingBytes());
        assertEquals(EngineSettings.DEFAULTS, settings.engine());
    }

    @Test
    void everything_can_be_set() {
        NodeSettings settings =
                settings(
                        "id", "3",
                        "cluster-id", "a.b_c-9",
                        "data-dir", "/srv/ackgate",
                        "port", "0",
                        "io-threads", "2",
                        "max-frame-size", "1M",
                        "max-pending-size", "8M",
                        "journal.file-size", "4M",
                        "journal.kept-files", "3",
                        "journal.checkpoint-size", "16M",
                        "journal.checkpoint-batches", "2000",
                        "journal.checkpoint-interval", "5s",
                        "scrub.rate", "1M",
                        "scrub.interval", "2h");
        assertEquals("a.b_c-9", settings.clusterId());
        assertEquals(Path.of("/srv/ackgate"), settings.dataDir());
        assertEquals(0, settings.port());
        assertEquals(2, settings.ioThreads());
        assertEquals(8L << 20, settings.maxPendingBytes());
        assertEquals(1 << 20, settings.engine().maxFrameBytes());
        assertEquals(4 << 20, settings.engine().journal().fileBytes());
        assertEquals(3, settings.engine().journal().keptFiles());
        assertEquals(16L << 20, settings.engine().checkpointJournalBytes());
        assertEquals(2_000, settings.engine().checkpointBatches());
        assertEquals(5_000, settings.engine().checkpointIntervalMillis());
        assertEquals(1 << 20, settings.engine().scrub().bytesPerSecond());
        assertEquals(7_200_000, settings.engine().scrub().intervalMillis());
    }

    @Test
    void the_scrubber_can_be_turned_off() {
        assertEquals(0, settings("id", "3", "scrub.rate", "0").engine().scrub().bytesPerSecond());
    }

    @Test
    void a_node_without_a_number_is_refused() {
        assertEquals(
                "ackgate.node.id is not set and must be 1 or more, and another one on each node",
                refusal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    id                          | 0     | 0 and must be 1 or more
                    cluster-id                  | a b   | 'a b' and must be 1 to 64 of the characters A-Z a-z 0-9 . _ -
                    port                        | -1    | -1 and must be 0 to 65535
                    port                        | 65536 | 65536 and must be 0 to 65535
                    io-threads                  | 0     | 0 and must be 1 to 64
                    max-pending-size            | 1K    | 1024 bytes and must be 1048576 to 4294967296 bytes; K, M and G may be used
                    max-frame-size              | 17M   | 17825792 bytes and must be 65536 to 16777216 bytes; K, M and G may be used
                    journal.file-size           | 2G    | 2147483648 bytes and must be 1048576 to 1073741824 bytes; K, M and G may be used
                    journal.file-size           | 1048577 | 1048577 bytes and must be a multiple of 4K
                    journal.kept-files          | 1     | 1 and must be 2 to 1024
                    journal.checkpoint-size     | 1K    | 1024 bytes and must be 1048576 to 68719476736 bytes; K, M and G may be used
                    journal.checkpoint-batches  | 999   | 999 and must be 1000 to 10000000
                    journal.checkpoint-interval | 2h    | 7200000 ms and must be 1000 to 3600000 ms; s, m and h may be used
                    scrub.rate                  | 1K    | 1024 bytes and must be 65536 to 1073741824 bytes; K, M and G may be used
                    scrub.interval              | 1s    | 1000 ms and must be 60000 to 2592000000 ms; s, m and h may be used
                    """)
    void what_is_out_of_bounds_is_refused_with_what_was_given_and_what_may_be(
            String setting, String given, String refusal) {
        String text =
                setting.equals("id") ? refusal(setting, given) : refusal("id", "1", setting, given);
        assertEquals("ackgate.node." + setting + " is " + refusal, text);
    }

    private static String refusal(String... pairs) {
        return String.valueOf(
                assertThrows(InvalidSettingException.class, () -> settings(pairs)).getMessage());
    }

    private static NodeSettings settings(String... pairs) {
        SmallRyeConfigBuilder builder =
                new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(NodeConfig.class);
        for (int i = 0; i < pairs.length; i += 2) {
            builder.withDefaultValue("ackgate.node." + pairs[i], pairs[i + 1]);
        }
        SmallRyeConfig config = builder.build();
        return NodeSettings.of(config.getConfigMapping(NodeConfig.class));
    }
}
