package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ackgate.client.RequestException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the storage nodes, with what each says of itself. */
@Command(
        name = "nodes",
        aliases = "node",
        description = "Shows storage nodes: whether they are connected, their replicas and space.",
        mixinStandardHelpOptions = true)
final class NodesCommand implements Runnable {
    private static final long KIBI = 1024;

    @Mixin private GatewayOption gateway;
    @Mixin private OutputOption output;

    @Override
    public void run() {
        AdminClient admin = gateway.admin();
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        for (JsonNode node : admin.get("/nodes")) {
            nodes.add(inFull(admin, node));
        }
        if (output.isJson()) {
            output.print(nodes);
            return;
        }
        Table table =
                new Table("ID", "ADDRESS", "STATE", "REPLICAS", "FAULTY", "BYTES", "USABLE", "OF");
        for (JsonNode node : nodes) {
            table.row(
                    node.path("id").asText(),
                    node.path("address").asText("in this process"),
                    state(node),
                    node.path("replicas").asText(""),
                    node.path("faultyReplicas").asText(""),
                    size(node.path("bytes")),
                    size(node.path("usableBytes")),
                    size(node.path("totalBytes")));
        }
        output.print(table);
    }

    /** A node that does not answer is shown with what the gateway knows of it. */
    private static JsonNode inFull(AdminClient admin, JsonNode node) {
        try {
            return admin.get("/nodes/" + node.path("id").asText());
        } catch (RequestException e) {
            return node;
        }
    }

    private static String state(JsonNode node) {
        if (!node.path("connected").asBoolean()) {
            return "not connected";
        }
        return node.path("registered").asBoolean() ? "connected" : "not registered";
    }

    private static String size(JsonNode bytes) {
        if (!bytes.isNumber()) {
            return "";
        }
        double size = bytes.asDouble();
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        while (size >= KIBI && unit < units.length - 1) {
            size /= KIBI;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }
}
