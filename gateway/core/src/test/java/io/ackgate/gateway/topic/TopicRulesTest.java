package io.ackgate.gateway.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.topic.TopicOutcome.Refused;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.ReplicaSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicRulesTest {
    private static final List<NodeId> THREE = List.of(new NodeId(1), new NodeId(2), new NodeId(3));

    private static void assertRefused(ErrorCode error, String detail, @Nullable Refused refused) {
        assertEquals(new Refused(error, detail), refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "payments.v1", "A-Z_09", "...", "-", "_._"})
    void names_as_kafka_allows_them(String name) {
        assertNull(TopicRules.name(name));
    }

    @Test
    void a_name_may_have249_characters() {
        assertNull(TopicRules.name("x".repeat(249)));
        assertRefused(
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                "'xxxxxxxxxxxxxxxxxxxx…' has 250 characters: use 1 to 249 letters, digits, dots,"
                        + " underscores and hyphens of ASCII, but not '.' or '..' alone",
                TopicRules.name("x".repeat(250)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\",the name is empty",
                ".,'.' is no name of its own",
                "..,'..' is no name of its own",
                "a/b,'a/b' holds '/'",
                "a b,'a b' holds ' '",
                "zürich,'zürich' holds 'ü'",
                "\"a\n\",\"'a\n' holds '\n'\""
            })
    void names_that_kafka_refuses(String name, String problem) {
        assertRefused(
                ErrorCode.INVALID_TOPIC_EXCEPTION,
                problem
                        + ": use 1 to 249 letters, digits, dots, underscores and hyphens of ASCII,"
                        + " but not '.' or '..' alone",
                TopicRules.name(name));
    }

    @Test
    void partitions_are_bounded() {
        assertNull(TopicRules.partitions(1));
        assertNull(TopicRules.partitions(10_000));
        assertRefused(
                ErrorCode.INVALID_PARTITIONS,
                "partitions was given as 0: give 1 to 10000",
                TopicRules.partitions(0));
        assertRefused(
                ErrorCode.INVALID_PARTITIONS,
                "partitions was given as 10001: give 1 to 10000",
                TopicRules.partitions(10_001));
    }

    @Test
    void the_replication_factor_is_at_most_the_number_of_nodes() {
        assertNull(TopicRules.replicationFactor(3, true, THREE));
        assertRefused(
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "replication.factor was given as 4 and 3 storage nodes are registered [node-1,"
                        + " node-2, node-3]: give 1 to 3, or add nodes",
                TopicRules.replicationFactor(4, false, THREE));
        assertRefused(
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "replication.factor was given as 0 and 3 storage nodes are registered [node-1,"
                        + " node-2, node-3]: give 1 to 3, or add nodes",
                TopicRules.replicationFactor(0, false, THREE));
        assertRefused(
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "replication.factor is by default 3 and 1 storage nodes are registered [node-1]:"
                        + " give 1 to 1, or add nodes",
                TopicRules.replicationFactor(3, true, THREE.subList(0, 1)));
        assertRefused(
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "replication.factor is by default 3 and 0 storage nodes are registered []: start"
                        + " storage nodes first",
                TopicRules.replicationFactor(3, true, List.of()));
    }

    @Test
    void a_write_that_could_never_succeed_is_refused_beforehand() {
        assertNull(TopicRules.settings(2, Map.of("min.insync.replicas", "2")));
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "min.insync.replicas was given as 3 and replication.factor is 2: no write with"
                        + " acks=all could ever succeed; give 1 to 2",
                TopicRules.settings(2, Map.of("min.insync.replicas", "3")));
    }

    @Test
    void a_default_under_the_floor_is_refused() {
        assertNull(
                TopicRules.settings(
                        1, Map.of("ackgate.min.acks", "1", "ackgate.default.acks", "1")));
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "ackgate.default.acks is 1 and ackgate.min.acks is all: requests that leave acks"
                        + " out would all be refused; raise the default or lower the floor",
                TopicRules.settings(
                        1, Map.of("ackgate.min.acks", "all", "ackgate.default.acks", "1")));
    }

    @Test
    void a_setting_that_is_not_known_is_named_beside_those_that_are() {
        Refused refused = TopicRules.settings(1, Map.of("retention.hours", "1"));
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "retention.hours is not a setting of a topic: use any of min.insync.replicas,"
                        + " max.message.bytes, retention.ms, retention.bytes, segment.bytes,"
                        + " segment.ms, producer.id.expiration.ms, ackgate.durability,"
                        + " ackgate.default.acks, ackgate.min.acks,"
                        + " unclean.leader.election",
                refused);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "min.insync.replicas|0|a whole number from 1 to the replication factor",
                "min.insync.replicas|two|a whole number from 1 to the replication factor",
                "max.message.bytes|1023|a whole number from 1024 to 16777176",
                "max.message.bytes|16777177|a whole number from 1024 to 16777176",
                "retention.ms|0|a whole number, 1 or more, or -1 for no limit",
                "retention.ms|-2|a whole number, 1 or more, or -1 for no limit",
                "retention.bytes|9223372036854775808|a whole number, 1 or more, or -1 for no limit",
                "segment.bytes|-1|a whole number from 1024 to 1073741824",
                "segment.bytes|1.5|a whole number from 1024 to 1073741824",
                "segment.ms|0|a whole number, 1 or more",
                "producer.id.expiration.ms|0|a whole number, 1 or more",
                "ackgate.durability|FSYNC|fsync or page-cache",
                "ackgate.default.acks|2|0, 1 or all",
                "ackgate.min.acks|-1|0, 1 or all"
            })
    void a_value_that_is_not_allowed_is_refused_with_what_is(
            String key, String value, String allowed) {
        assertRefused(
                ErrorCode.INVALID_CONFIG,
                "%s was given as '%s': give %s".formatted(key, value, allowed),
                TopicRules.settings(3, Map.of(key, value)));
    }

    @Test
    void the_defaults_are_those_that_are_stated() {
        TopicSettings settings = TopicSettings.resolve(3, Map.of());
        assertEquals(2, settings.minInsyncReplicas());
        assertEquals(1, TopicSettings.resolve(2, Map.of()).minInsyncReplicas());
        assertEquals(1, TopicSettings.resolve(1, Map.of()).minInsyncReplicas());
        assertEquals(2, TopicSettings.resolve(5, Map.of()).minInsyncReplicas());
        assertEquals(1_048_588, settings.maxMessageBytes());
        assertEquals(604_800_000, settings.replica().retentionMillis());
        assertEquals(-1, settings.replica().retentionBytes());
        assertEquals(604_800_000, settings.replica().segmentMillis());
        assertEquals(ReplicaSettings.DEFAULTS.segmentBytes(), settings.replica().segmentBytes());
        assertEquals(86_400_000, settings.replica().producerExpirationMillis());
        assertEquals(Durability.FSYNC, settings.replica().durability());
        assertEquals(Acks.ALL, settings.defaultAcks());
        for (Acks acks : Acks.values()) {
            assertTrue(!settings.forbids(acks));
        }
    }

    @Test
    void every_setting_is_read_and_written_in_its_text_form() {
        Map<String, String> given =
                Map.ofEntries(
                        Map.entry("min.insync.replicas", "1"),
                        Map.entry("max.message.bytes", "2048"),
                        Map.entry("retention.ms", "-1"),
                        Map.entry("retention.bytes", "123456789012"),
                        Map.entry("segment.bytes", "1024"),
                        Map.entry("segment.ms", "3600000"),
                        Map.entry("producer.id.expiration.ms", "5"),
                        Map.entry("ackgate.durability", "page-cache"),
                        Map.entry("ackgate.default.acks", "1"),
                        Map.entry("ackgate.min.acks", "1"),
                        Map.entry("unclean.leader.election", "when-all-answered"));
        assertEquals(TopicSetting.values().length, given.size());
        assertNull(TopicRules.settings(3, given));
        TopicSettings settings = TopicSettings.resolve(3, given);
        assertEquals(given, settings.asText());
        assertTrue(settings.forbids(Acks.NONE));
        assertTrue(!settings.forbids(Acks.LEADER));
        assertEquals(settings, TopicSettings.resolve(3, settings.asText()));
        for (TopicSetting setting : TopicSetting.values()) {
            assertNotNull(TopicSetting.of(setting.key()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "min.insync.replicas, 1, 3",
        "max.message.bytes, 1024, 16777176",
        "retention.ms, 1, 9223372036854775807",
        "retention.bytes, 1, 9223372036854775807",
        "segment.bytes, 1024, 1073741824",
        "segment.ms, 1, 9223372036854775807",
        "producer.id.expiration.ms, 1, 9223372036854775807"
    })
    void the_least_and_the_most_are_allowed(String key, String least, String most) {
        assertNull(TopicRules.settings(3, Map.of(key, least)));
        assertNull(TopicRules.settings(3, Map.of(key, most)));
    }
}
