package io.ackgate.client.cli;

import io.ackgate.client.Endpoint;
import io.ackgate.client.Tls;
import io.ackgate.client.wire.ChannelFactory;
import io.ackgate.client.wire.Gateways;
import io.ackgate.client.wire.UnaryCalls;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which gateway to talk to. */
final class GatewayOption {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = {"--bootstrap-server", "--bootstrap"},
            paramLabel = "HOST:PORT",
            description = {
                "Gateways, several with commas. Default: those of --context, of the environment",
                "variable ACKGATE_BOOTSTRAP, of the context in use, or 127.0.0.1:8080."
            })
    private @Nullable String bootstrap;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Gateways under a name; see ackgate contexts.")
    private @Nullable String context;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "Where the REST side is, if not at these gateways.")
    private @Nullable String admin;

    @Mixin private TlsOption tls;

    /** The gateways named. */
    List<Endpoint> endpoints() {
        String given = bootstrap;
        if (given != null) {
            return parse("--bootstrap-server", given);
        }
        Contexts.Context chosen = chosenContext();
        return chosen == null
                ? fromEnvironment()
                : parse("context " + chosen.name(), chosen.bootstrap());
    }

    private List<Endpoint> fromEnvironment() {
        String environment = System.getenv().get("ACKGATE_BOOTSTRAP");
        return environment == null || environment.isEmpty()
                ? List.of(Endpoint.DEFAULT)
                : parse("ACKGATE_BOOTSTRAP", environment);
    }

    /** The context that counts; null if the addresses come from elsewhere. */
    private Contexts.@Nullable Context chosenContext() {
        String name = context;
        if (name != null) {
            return Contexts.load().get(name);
        }
        String environment = System.getenv().getOrDefault("ACKGATE_BOOTSTRAP", "");
        return environment.isEmpty() ? Contexts.load().current() : null;
    }

    /** The REST side. */
    AdminClient admin() {
        String text = admin;
        if (text == null && bootstrap == null) {
            Contexts.Context chosen = chosenContext();
            text = chosen == null ? null : chosen.admin();
        }
        return new AdminClient(text == null ? endpoints() : parse("--admin", text), tls());
    }

    /** By TLS or in clear text: what is said here, or else what the context says. */
    @Nullable Tls tls() {
        Tls given = tls.get();
        if (given == null && bootstrap == null) {
            Contexts.Context chosen = chosenContext();
            given = chosen == null ? null : chosen.tls();
        }
        return given;
    }

    /** Opens channels to these gateways. */
    ChannelFactory channels() {
        try {
            return ChannelFactory.of(tls());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(mixee.commandLine(), e.getMessage(), e);
        }
    }

    /** Calls to these gateways; to be closed. */
    Calls calls() {
        Gateways gateways = new Gateways(endpoints(), channels());
        return new Calls(gateways, new UnaryCalls(gateways, PATIENCE));
    }

    /** Connections to gateways, and calls over them. */
    record Calls(Gateways gateways, UnaryCalls unary) implements AutoCloseable {
        @Override
        public void close() {
            gateways.close();
        }
    }

    private List<Endpoint> parse(String option, String text) {
        try {
            return Endpoint.listOf(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(mixee.commandLine(), option + ": " + e.getMessage(), e);
        }
    }
}
