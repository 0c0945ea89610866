package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ackgate.client.Endpoint;
import io.ackgate.client.Tls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names gateways, so that commands need not repeat their addresses. */
@Command(
        name = "contexts",
        aliases = "context",
        description = {
            "Shows the contexts there are: gateways under a name. A command talks to those of",
            "--bootstrap-server, or of --context, or of ACKGATE_BOOTSTRAP, or of the context in"
                    + " use."
        },
        mixinStandardHelpOptions = true)
final class ContextsCommand implements Runnable {
    @Spec private CommandSpec spec;
    @Mixin private OutputOption output;

    @Override
    public void run() {
        Contexts contexts = Contexts.load();
        Contexts.Context current = contexts.current();
        if (output.isJson()) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            for (Contexts.Context context : contexts.all()) {
                ObjectNode json =
                        all.addObject()
                                .put("name", context.name())
                                .put("bootstrapServer", context.bootstrap());
                if (context.admin() != null) {
                    json.put("admin", context.admin());
                }
                Tls tls = context.tls();
                if (tls != null) {
                    json.putObject("tls")
                            .put("caCert", text(tls.trusted()))
                            .put("cert", text(tls.certificate()))
                            .put("certKey", text(tls.key()));
                }
                json.put("current", context.equals(current));
            }
            output.print(all);
            return;
        }
        Table table = new Table("IN USE", "NAME", "BOOTSTRAP SERVER", "ADMIN", "TLS");
        for (Contexts.Context context : contexts.all()) {
            table.row(
                    context.equals(current) ? "*" : "",
                    context.name(),
                    context.bootstrap(),
                    context.admin() == null ? "" : context.admin(),
                    context.tls() == null ? "no" : "yes");
        }
        output.print(table);
    }

    private static @Nullable String text(@Nullable Path file) {
        return file == null ? null : file.toString();
    }

    @Command(
            name = "set",
            description = "Names gateways. The first context there is becomes the one in use.",
            mixinStandardHelpOptions = true)
    void set(
            @Parameters(paramLabel = "NAME", description = "1 to 100 of a-z A-Z 0-9 _ -")
                    String name,
            @Parameters(paramLabel = "HOST:PORT", description = "Several with commas.")
                    String bootstrap,
            @Option(
                            names = "--admin",
                            paramLabel = "HOST:PORT",
                            description = "Where the REST side is, if not at these.")
                    @Nullable String admin,
            @Mixin TlsOption tls) {
        try {
            Endpoint.listOf(bootstrap);
            if (admin != null) {
                Endpoint.of(admin);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        Contexts.load().set(new Contexts.Context(name, bootstrap, admin, tls.get()));
    }

    @Command(
            name = "use",
            description = "Makes a context the one in use.",
            mixinStandardHelpOptions = true)
    void use(@Parameters(paramLabel = "NAME") String name) {
        Contexts.load().use(name);
    }

    @Command(name = "delete", description = "Forgets a context.", mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "NAME") String name) {
        Contexts.load().delete(name);
    }
}
