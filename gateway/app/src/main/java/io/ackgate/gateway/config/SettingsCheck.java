package io.ackgate.gateway.config;

import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.runtime.RuntimeSettings;
import io.ackgate.process.Hosts;
import io.ackgate.storage.api.ClusterIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Holds settings against their bounds, all at once. */
public final class SettingsCheck {
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("[^\\s:]+:[0-9]{1,5}|\\[[^\\s]+]:[0-9]{1,5}");
    private static final int MAX_PORT = 65_535;
    private static final int MAX_REQUESTS = 100_000;
    private static final int MAX_TOTAL_PARTITIONS = 10_000_000;
    private static final int MAX_PARTITIONS = 10_000;
    private static final int MAX_REPLICAS = 32_767;
    private static final int MAX_GROUPS = 1_000_000;
    private static final int MAX_POSITIONS = 10_000_000;

    /** One read that fails is not a disk that cannot be read: it is asked again within this. */
    private static final Duration LEAST_DISCONNECT_GRACE = Duration.ofMillis(50);

    /** A takeover waits for the last resort of its election, and then publishes who leads. */
    private static final Duration LEAST_TAKEOVER_TIMEOUT =
            Duration.ofNanos(
                    PartitionSettings.DEFAULTS.fenceLastResortNanos()
                            + RuntimeSettings.defaults().casTimeoutNanos());

    private final List<String> problems = new ArrayList<>();

    private SettingsCheck() {}

    /**
     * Looks at every setting.
     *
     * @param listensOn the host that the process listens on
     * @return one sentence per setting that is out of bounds: its name, what was given, what is
     *     allowed; none if all is well
     */
    public static List<String> problems(AckgateConfig config, String listensOn) {
        SettingsCheck check = new SettingsCheck();
        check.addresses(config, listensOn);
        check.require(
                config.listenPort() >= 0 && config.listenPort() <= MAX_PORT,
                "ackgate.listen-port",
                config.listenPort(),
                "0 to " + MAX_PORT);
        config.clusterId()
                .ifPresent(
                        id ->
                                check.require(
                                        ClusterIds.isAllowed(id),
                                        "ackgate.cluster-id",
                                        id,
                                        ClusterIds.ALLOWED));
        check.partitions(config);
        check.topics(config);
        check.http(config.http());
        check.require(
                config.produce().timeout().toMillis() >= 1,
                "ackgate.produce.timeout",
                config.produce().timeout(),
                "1ms or more");
        check.require(
                config.metadata().maxSize().asLongValue() >= 1 << 20,
                "ackgate.metadata.max-size",
                config.metadata().maxSize().asLongValue(),
                "1M or more");
        EtcdCheck.problems(config.metadata().etcd()).forEach(check.problems::add);
        config.read()
                .memory()
                .ifPresent(
                        memory ->
                                check.require(
                                        memory.asLongValue() >= 32 << 20,
                                        "ackgate.read.memory",
                                        memory.asLongValue(),
                                        "32M or more"));
        AckgateConfig.Offsets offsets = config.offsets();
        check.require(
                offsets.retention().toMinutes() >= 1,
                "ackgate.offsets.retention",
                offsets.retention(),
                "1m or more");
        check.require(
                offsets.maxGroups() >= 1 && offsets.maxGroups() <= MAX_GROUPS,
                "ackgate.offsets.max-groups",
                offsets.maxGroups(),
                "1 to " + MAX_GROUPS);
        check.require(
                offsets.maxPositions() >= 1 && offsets.maxPositions() <= MAX_POSITIONS,
                "ackgate.offsets.max-positions",
                offsets.maxPositions(),
                "1 to " + MAX_POSITIONS);
        AckgateConfig.Shutdown shutdown = config.shutdown();
        check.within(
                "ackgate.shutdown.timeout",
                shutdown.timeout(),
                Duration.ofSeconds(1),
                Duration.ofHours(1));
        check.require(
                !shutdown.delay().isNegative()
                        && shutdown.delay().compareTo(shutdown.timeout()) <= 0,
                "ackgate.shutdown.delay",
                shutdown.delay(),
                "0s to ackgate.shutdown.timeout");
        AckgateConfig.Stream stream = config.produce().stream();
        check.require(
                stream.maxInFlightRequests() >= 1 && stream.maxInFlightRequests() <= MAX_REQUESTS,
                "ackgate.produce.stream.max-in-flight-requests",
                stream.maxInFlightRequests(),
                "1 to " + MAX_REQUESTS);
        check.require(
                stream.maxInFlightBytes().asLongValue() >= 1 << 20,
                "ackgate.produce.stream.max-in-flight-bytes",
                stream.maxInFlightBytes().asLongValue(),
                "1M or more");
        return check.problems;
    }

    private void addresses(AckgateConfig config, String listensOn) {
        config.advertisedAddress().ifPresent(a -> hostAndPort("ackgate.advertised-address", a));
        config.storage()
                .nodes()
                .ifPresent(nodes -> nodes.forEach(n -> hostAndPort("ackgate.storage.nodes", n)));
        if (config.advertisedAddress().isEmpty() && Hosts.isWildcard(listensOn)) {
            problems.add(
                    "ackgate.advertised-address is not given and ackgate.listen is '%s', to which no client can be sent: give the host:port by which clients reach this gateway"
                            .formatted(listensOn));
        }
    }

    private void http(HttpConfig http) {
        within(
                "ackgate.http.keepalive-interval",
                http.keepaliveInterval(),
                Duration.ofMillis(100),
                Duration.ofMinutes(10));
        within(
                "ackgate.http.request-timeout",
                http.requestTimeout(),
                Duration.ofMillis(100),
                Duration.ofHours(1));
        require(
                http.maxOpenRequestsPerAddress() >= 10
                        && http.maxOpenRequestsPerAddress() <= 10_000_000,
                "ackgate.http.max-open-requests-per-address",
                http.maxOpenRequestsPerAddress(),
                "10 to 10000000");
        http.bodyMemory()
                .ifPresent(
                        memory ->
                                require(
                                        memory.asLongValue() >= 1 << 20,
                                        "ackgate.http.body-memory",
                                        memory.asLongValue(),
                                        "1M or more"));
    }

    private void topics(AckgateConfig config) {
        int before = problems.size();
        TopicConfig topic = config.topic();
        require(
                topic.maxTotalPartitions() >= 1
                        && topic.maxTotalPartitions() <= MAX_TOTAL_PARTITIONS,
                "ackgate.topic.max-total-partitions",
                topic.maxTotalPartitions(),
                "1 to " + MAX_TOTAL_PARTITIONS);
        TopicConfig.Defaults defaults = topic.defaults();
        require(
                defaults.partitions() >= 1 && defaults.partitions() <= MAX_PARTITIONS,
                TopicDefaults.PREFIX + "partitions",
                defaults.partitions(),
                "1 to " + MAX_PARTITIONS);
        require(
                defaults.replicationFactor() >= 1 && defaults.replicationFactor() <= MAX_REPLICAS,
                TopicDefaults.PREFIX + "replication.factor",
                defaults.replicationFactor(),
                "1 to " + MAX_REPLICAS);
        TopicDefaults.given(defaults)
                .forEach(
                        (setting, value) ->
                                require(
                                        setting.accepts(value),
                                        TopicDefaults.name(setting),
                                        value,
                                        setting.allowed()));
        if (problems.size() == before) {
            String together = TopicDefaults.policy(config).problem();
            if (together != null) {
                problems.add("ackgate.topic.defaults: " + together);
            }
        }
    }

    private void partitions(AckgateConfig config) {
        AckgateConfig.Partitions partitions = config.partitions();
        partitions
                .threads()
                .ifPresent(
                        threads ->
                                require(
                                        threads >= 1 && threads <= 256,
                                        "ackgate.partitions.threads",
                                        threads,
                                        "1 to 256"));
        int pending = partitions.maxPendingRequests();
        require(
                pending >= 1_000 && pending <= 10_000_000,
                "ackgate.partitions.max-pending-requests",
                pending,
                "1000 to 10000000");
        long size = partitions.maxPendingSize().asLongValue();
        require(
                size >= 1 << 20 && size <= 1 << 30,
                "ackgate.partitions.max-pending-size",
                size,
                "1M to 1G");
        within(
                "ackgate.partitions.replica-lag-time-max",
                partitions.replicaLagTimeMax(),
                Duration.ofSeconds(1),
                Duration.ofHours(1));
        within(
                "ackgate.partitions.disconnect-grace",
                partitions.disconnectGrace(),
                LEAST_DISCONNECT_GRACE,
                Duration.ofMinutes(1));
        within(
                "ackgate.partitions.takeover-timeout",
                partitions.takeoverTimeout(),
                LEAST_TAKEOVER_TIMEOUT,
                Duration.ofMinutes(10));
        config.produce()
                .memory()
                .ifPresent(
                        memory ->
                                require(
                                        memory.asLongValue() >= 32 << 20,
                                        "ackgate.produce.memory",
                                        memory.asLongValue(),
                                        "32M or more"));
    }

    private void within(String setting, Duration given, Duration least, Duration most) {
        require(
                given.compareTo(least) >= 0 && given.compareTo(most) <= 0,
                setting,
                given,
                "%d ms to %d ms; ms, s, m and h may be used"
                        .formatted(least.toMillis(), most.toMillis()));
    }

    private void hostAndPort(String setting, String given) {
        boolean right = isHostAndPort(given);
        require(right, setting, given, "host:port");
        if (right && Hosts.isWildcard(given.substring(0, given.lastIndexOf(':')))) {
            require(false, setting, given, "one host:port, and not all addresses at once");
        }
    }

    private void require(boolean right, String setting, Object given, String allowed) {
        if (!right) {
            problems.add(problem(setting, given, allowed));
        }
    }

    static boolean isHostAndPort(String given) {
        return HOST_AND_PORT.matcher(given).matches()
                && Integer.parseInt(given.substring(given.lastIndexOf(':') + 1)) <= MAX_PORT;
    }

    static String problem(String setting, Object given, String allowed) {
        return "%s was given as '%s': allowed is %s".formatted(setting, given, allowed);
    }
}
