package io.ackgate.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.runtime.RuntimeSettings;
import io.ackgate.gateway.topic.TopicPolicy;
import io.ackgate.gateway.topic.TopicSetting;
import io.ackgate.gateway.topic.TopicSettings;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsCheckTest {
    private static final String LOOPBACK = "127.0.0.1";

    private static AckgateConfig config(String... namesAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put("ackgate." + namesAndValues[i], namesAndValues[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(values)
                .withMapping(AckgateConfig.class)
                .build()
                .getConfigMapping(AckgateConfig.class);
    }

    @Test
    void what_nobody_has_set_is_fine_and_is_what_the_core_has_by_itself() {
        assertEquals(List.of(), SettingsCheck.problems(config(), LOOPBACK));
        assertEquals(RuntimeSettings.defaults(), CoreSettings.of(config()));
    }

    @Test
    void bounds_and_timeouts_reach_the_core() {
        AckgateConfig config =
                config(
                        "partitions.threads", "3",
                        "partitions.max-pending-requests", "5000",
                        "partitions.max-pending-size", "8M",
                        "partitions.replica-lag-time-max", "10s",
                        "partitions.disconnect-grace", "2s",
                        "partitions.takeover-timeout", "20s",
                        "produce.memory", "64M",
                        "read.memory", "48M",
                        "unclean.leader.election", "when-all-answered");
        assertEquals(List.of(), SettingsCheck.problems(config, LOOPBACK));
        RuntimeSettings core = CoreSettings.of(config);
        assertEquals(3, core.threads());
        assertEquals(5_000, core.maxPendingRequests());
        assertEquals(64L << 20, core.maxInFlightBytes());
        assertEquals(48L << 20, core.readMemoryBytes());
        PartitionSettings partition = core.partition();
        assertEquals(8 << 20, partition.maxPendingBytes());
        assertEquals(Duration.ofSeconds(10).toNanos(), partition.lagMaxNanos());
        assertEquals(Duration.ofSeconds(2).toNanos(), partition.disconnectGraceNanos());
        assertEquals(Duration.ofSeconds(20).toNanos(), partition.takeoverTimeoutNanos());
        assertEquals(true, partition.uncleanWhenAllAnswered());
    }

    @Test
    void the_least_times_that_are_allowed_are_right_for_the_core() {
        AckgateConfig config =
                config("partitions.disconnect-grace", "50ms", "partitions.takeover-timeout", "5s");
        assertEquals(List.of(), SettingsCheck.problems(config, LOOPBACK));
        PartitionSettings partition = CoreSettings.of(config).partition();
        assertEquals(Duration.ofSeconds(5).toNanos(), partition.takeoverTimeoutNanos());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "partitions.threads | 0 | 1 to 256",
                "partitions.max-pending-requests | 10 | 1000 to 10000000",
                "partitions.disconnect-grace | 0s | 50 ms to 60000 ms; ms, s, m and h may be used",
                "partitions.takeover-timeout | 4999ms | 5000 ms to 600000 ms; ms, s, m and h may be"
                        + " used",
                "produce.memory | 1M | 32M or more",
                "cluster-id | a b | 1 to 64 of the characters A-Z a-z 0-9 . _ -",
                "topic.max-total-partitions | 0 | 1 to 10000000",
                "topic.defaults.partitions | 10001 | 1 to 10000",
                "topic.defaults.retention.ms | 7d | a whole number, 1 or more, or -1 for no limit",
                "topic.defaults.durability | none | fsync or page-cache",
                "shutdown.delay | 30s | 0s to ackgate.shutdown.timeout",
                "advertised-address | gateway | host:port",
                "advertised-address | 0.0.0.0:8080 | one host:port, and not all addresses at once",
                "storage.nodes | [::]:9090 | one host:port, and not all addresses at once",
            })
    void what_is_out_of_bounds_is_told_with_them(String name, String given, String allowed) {
        List<String> problems = SettingsCheck.problems(config(name, given), LOOPBACK);
        assertEquals(1, problems.size(), problems::toString);
        String problem = problems.getFirst();
        assertEquals(true, problem.startsWith("ackgate." + name + " was given as '"), problem);
        assertEquals(true, problem.endsWith("': allowed is " + allowed), problem);
    }

    @Test
    void every_default_of_a_topic_reaches_new_topics_by_the_name_of_its_setting() {
        Map<TopicSetting, String> wanted = new EnumMap<>(TopicSetting.class);
        TopicSettings.resolve(3, Map.of())
                .asText()
                .forEach((key, value) -> wanted.put(TopicSetting.of(key), value));
        wanted.remove(TopicSetting.UNCLEAN_LEADER_ELECTION);
        List<String> given = new ArrayList<>(List.of("topic.max-total-partitions", "77"));
        wanted.forEach(
                (setting, value) -> {
                    given.add(TopicDefaults.name(setting).substring("ackgate.".length()));
                    given.add(value);
                });
        AckgateConfig config = config(given.toArray(String[]::new));
        assertEquals(List.of(), SettingsCheck.problems(config, LOOPBACK));
        TopicPolicy policy = TopicDefaults.policy(config);
        assertEquals(77, policy.maxTotalPartitions());
        assertEquals(wanted.size(), policy.settings().size());
        wanted.forEach((s, value) -> assertEquals(value, policy.settings().get(s.key())));
        assertEquals(TopicPolicy.DEFAULTS, TopicDefaults.policy(config()));
    }

    @Test
    void defaults_of_topics_that_contradict_each_other_are_refused() {
        List<String> problems =
                SettingsCheck.problems(
                        config(
                                "topic.defaults.default.acks",
                                "1",
                                "topic.defaults.min.acks",
                                "all"),
                        LOOPBACK);
        assertEquals(1, problems.size());
        assertEquals(
                true,
                problems.getFirst().startsWith("ackgate.topic.defaults: ackgate.default.acks is 1"),
                problems::toString);
    }

    @Test
    void a_process_that_listens_everywhere_must_say_where_it_is_reached() {
        assertEquals(
                List.of(
                        "ackgate.advertised-address is not given and ackgate.listen is '0.0.0.0',"
                                + " to which no client can be sent: give the host:port by which"
                                + " clients reach this gateway"),
                SettingsCheck.problems(config(), "0.0.0.0"));
        assertEquals(
                List.of(),
                SettingsCheck.problems(
                        config("advertised-address", "gateway-0.example:8080"), "0.0.0.0"));
    }
}
