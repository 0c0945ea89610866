package io.ackgate.gateway.config;

import io.ackgate.process.ApiBrowsing;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * What ackgate.api-browsing means for Quarkus. Who sets Quarkus's own settings overrides it: they
 * are looked at first.
 */
public final class ApiBrowsingSource implements ConfigSourceFactory {
    /** Below application.properties (250) and above what Quarkus has by itself. */
    private static final int ORDINAL = 200;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        String on =
                Boolean.toString(
                        browsing(text(context, "ackgate.api-browsing", "loopback"))
                                .isOn(text(context, "ackgate.listen", "127.0.0.1")));
        return List.of(
                new PropertiesConfigSource(
                        Map.of(
                                "quarkus.swagger-ui.enabled", on,
                                "quarkus.grpc.server.enable-reflection-service", on),
                        "what ackgate.api-browsing means",
                        ORDINAL));
    }

    /** A word that is none ends the process later, where all settings are checked. */
    private static ApiBrowsing browsing(String word) {
        for (ApiBrowsing each : ApiBrowsing.values()) {
            if (each.name().equals(word.toUpperCase(Locale.ROOT))) {
                return each;
            }
        }
        return ApiBrowsing.OFF;
    }

    private static String text(ConfigSourceContext context, String name, String byDefault) {
        ConfigValue given = context.getValue(name);
        return given == null || given.getValue() == null ? byDefault : given.getValue();
    }
}
