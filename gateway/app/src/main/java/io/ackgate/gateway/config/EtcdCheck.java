package io.ackgate.gateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Holds the settings of etcd against their bounds. */
final class EtcdCheck {
    private static final String PREFIX = "ackgate.metadata.etcd.";

    private EtcdCheck() {}

    static List<String> problems(AckgateConfig.Etcd etcd) {
        List<String> problems = new ArrayList<>();
        for (String endpoint : etcd.endpoints()) {
            require(
                    problems,
                    SettingsCheck.isHostAndPort(endpoint),
                    "endpoints",
                    endpoint,
                    "host:port");
        }
        require(
                problems,
                etcd.prefix().endsWith("/"),
                "prefix",
                etcd.prefix(),
                "what ends with a slash");
        require(
                problems,
                etcd.user().isPresent() == etcd.password().isPresent(),
                "user",
                etcd.user().orElse(""),
                "a user with ackgate.metadata.etcd.password, or neither");
        require(
                problems,
                etcd.tls().certificate().isPresent() == etcd.tls().key().isPresent(),
                "tls.certificate",
                etcd.tls().certificate().map(String::valueOf).orElse(""),
                "a file with ackgate.metadata.etcd.tls.key, or neither");
        Duration timeout = etcd.requestTimeout();
        require(
                problems,
                timeout.toMillis() >= 100 && timeout.compareTo(Duration.ofMinutes(1)) <= 0,
                "request-timeout",
                timeout,
                "100ms to 1m");
        Duration lease = etcd.lease();
        require(
                problems,
                lease.equals(Duration.ofSeconds(lease.toSeconds()))
                        && lease.toSeconds() >= 2
                        && lease.compareTo(Duration.ofMinutes(10)) <= 0,
                "lease",
                lease,
                "2s to 10m, in full seconds");
        return problems;
    }

    private static void require(
            List<String> problems, boolean right, String setting, Object given, String allowed) {
        if (!right) {
            problems.add(SettingsCheck.problem(PREFIX + setting, given, allowed));
        }
    }
}
