package io.ackgate.storage.node.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ackgate.storage.api.ClusterIds;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.engine.EngineSettings;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsTest {
    @Test
    void a_node_needs_nothing_but_its_number() {
        NodeSettings settings = settings("id", "3");
        assertEquals(new NodeId(3), settings.id());
        assertEquals(ClusterIds.NONE, settings.clusterId());
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
                        "data-dir", "/srv/ackgate",
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
        assertEquals(Path.of("/srv/ackgate"), settings.dataDir());
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

    @ParameterizedTest
    @CsvSource({"a.b_c-9, true", "a b, false"})
    void the_cluster_can_be_given(String given, boolean right) {
        NodeConfig config = config(Map.of("ackgate.node.id", "1", "ackgate.cluster-id", given));
        if (right) {
            assertEquals(given, NodeSettings.of(config).clusterId());
        } else {
            assertEquals(
                    "ackgate.cluster-id is 'a b' and must be 1 to 64 of the characters A-Z a-z 0-9"
                            + " . _ -",
                    assertThrows(InvalidSettingException.class, () -> NodeSettings.of(config))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, , true",
        "0.0.0.0, , false",
        "0.0.0.0, on, true",
        "127.0.0.1, off, false"
    })
    void who_looks_around_is_told_of_services_on_loopback_or_as_set(
            String listen, String browsing, boolean reflection) {
        Map<String, String> values =
                new HashMap<>(Map.of("ackgate.node.id", "1", "ackgate.listen", listen));
        if (browsing != null) {
            values.put("ackgate.api-browsing", browsing);
        }
        assertEquals(reflection, NodeSettings.of(config(values)).reflection());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "65535, true", "-1, false", "65536, false"})
    void the_port_can_be_given(String given, boolean right) {
        NodeConfig config = config(Map.of("ackgate.node.id", "1", "ackgate.listen-port", given));
        if (right) {
            assertEquals(Integer.parseInt(given), NodeSettings.of(config).port());
        } else {
            assertEquals(
                    "ackgate.listen-port is " + given + " and must be 0 to 65535",
                    assertThrows(InvalidSettingException.class, () -> NodeSettings.of(config))
                            .getMessage());
        }
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
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put("ackgate.node." + pairs[i], pairs[i + 1]);
        }
        return NodeSettings.of(config(values));
    }

    private static NodeConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(NodeConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(NodeConfig.class);
    }
}
