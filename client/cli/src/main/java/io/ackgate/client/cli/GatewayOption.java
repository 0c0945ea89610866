package io.ackgate.client.cli;

import io.ackgate.client.Endpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which gateway to talk to. */
final class GatewayOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = {"--bootstrap-server", "--bootstrap"},
            paramLabel = "HOST:PORT",
            defaultValue = "${env:ACKGATE_BOOTSTRAP:-127.0.0.1:8080}",
            description = {
                "Gateways, several with commas; the environment variable ACKGATE_BOOTSTRAP sets"
                        + " the",
                "default, which is 127.0.0.1:8080."
            })
    private String bootstrap;

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            description = "Where the REST side is, if not at the first of these gateways.")
    private @Nullable String admin;

    /** The gateways named. */
    List<Endpoint> endpoints() {
        return parse("--bootstrap", bootstrap);
    }

    /** The REST side. */
    AdminClient admin() {
        String text = admin;
        return new AdminClient((text == null ? endpoints() : parse("--admin", text)).getFirst());
    }

    private List<Endpoint> parse(String option, String text) {
        try {
            return Endpoint.listOf(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(mixee.commandLine(), option + ": " + e.getMessage(), e);
        }
    }
}
