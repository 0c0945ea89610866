package io.ackgate.gateway.config;

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
    private static final int MAX_GROUPS = 1_000_000;
    private static final int MAX_POSITIONS = 10_000_000;

    private final List<String> problems = new ArrayList<>();

    private SettingsCheck() {}

    /**
     * Looks at every setting.
     *
     * @return one sentence per setting that is out of bounds: its name, what was given, what is
     *     allowed; none if all is well
     */
    public static List<String> problems(AckgateConfig config) {
        SettingsCheck check = new SettingsCheck();
        config.advertisedAddress()
                .ifPresent(a -> check.hostAndPort("ackgate.advertised-address", a));
        config.storage()
                .nodes()
                .ifPresent(
                        nodes -> nodes.forEach(n -> check.hostAndPort("ackgate.storage.nodes", n)));
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
        check.require(
                shutdown.timeout().compareTo(Duration.ofSeconds(1)) >= 0
                        && shutdown.timeout().compareTo(Duration.ofHours(1)) <= 0,
                "ackgate.shutdown.timeout",
                shutdown.timeout(),
                "1s to 1h");
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

    private void hostAndPort(String setting, String given) {
        boolean right =
                HOST_AND_PORT.matcher(given).matches()
                        && Integer.parseInt(given.substring(given.lastIndexOf(':') + 1))
                                <= MAX_PORT;
        require(right, setting, given, "host:port");
    }

    private void require(boolean right, String setting, Object given, String allowed) {
        if (!right) {
            problems.add("%s was given as '%s': allowed is %s".formatted(setting, given, allowed));
        }
    }
}
