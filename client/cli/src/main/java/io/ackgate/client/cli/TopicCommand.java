package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ackgate.client.RequestException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates, lists, describes, alters and deletes topics, through the REST side of the gateway. */
@Command(
        name = "topic",
        description = "Creates, lists, describes, alters and deletes topics.",
        mixinStandardHelpOptions = true)
final class TopicCommand implements Runnable {
    private static final String SETTINGS = "settings";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command of topic?");
    }

    @Command(
            name = "create",
            description = "Creates a topic; it is durable when the command ends.",
            mixinStandardHelpOptions = true)
    void create(
            @Mixin GatewayOption gateway,
            @Mixin OutputOption output,
            @Parameters(paramLabel = "NAME", description = "1 to 249 of a-z A-Z 0-9 . _ -")
                    String name,
            @Option(names = "--partitions", description = "Default: the gateway's, 1.")
                    @Nullable Integer partitions,
            @Option(names = "--replication-factor", description = "Default: the gateway's, 3.")
                    @Nullable Integer replicationFactor,
            @Option(
                            names = "--config",
                            paramLabel = "NAME=VALUE",
                            description =
                                    "A setting by Kafka's name, such as min.insync.replicas=2; may"
                                            + " be repeated.")
                    @Nullable Map<String, String> config,
            @Option(names = "--if-not-exists", description = "Succeed if there is one already.")
                    boolean ifNotExists) {
        ObjectNode body = NODES.objectNode().put("name", name);
        if (partitions != null) {
            body.put("partitions", partitions);
        }
        if (replicationFactor != null) {
            body.put("replicationFactor", replicationFactor);
        }
        putSettings(body, config);
        try {
            JsonNode topic = gateway.admin().post("/topics", body);
            report(output, "created", topic);
        } catch (RequestException e) {
            if (!ifNotExists || !e.code().equals("TOPIC_ALREADY_EXISTS")) {
                throw e;
            }
            report(output, "exists", gateway.admin().get(AdminClient.topic(name)));
        }
    }

    @Command(
            name = "list",
            description = "Lists all topics by name.",
            mixinStandardHelpOptions = true)
    void list(@Mixin GatewayOption gateway, @Mixin OutputOption output) {
        JsonNode topics = gateway.admin().get("/topics");
        if (output.isJson()) {
            output.print(topics);
            return;
        }
        Table table =
                new Table("NAME", "PARTITIONS", "REPLICAS", "MIN.INSYNC", "DURABILITY", "ACKS");
        for (JsonNode topic : topics) {
            JsonNode settings = topic.path(SETTINGS);
            table.row(
                    topic.path("name").asText(),
                    topic.path("partitionCount").asText(),
                    topic.path("replicationFactor").asText(),
                    settings.path("min.insync.replicas").asText(),
                    settings.path("ackgate.durability").asText(),
                    settings.path("ackgate.default.acks").asText());
        }
        output.print(table);
    }

    @Command(
            name = "describe",
            description = "Shows a topic's settings and partitions.",
            mixinStandardHelpOptions = true)
    void describe(
            @Mixin GatewayOption gateway,
            @Mixin OutputOption output,
            @Parameters(paramLabel = "NAME") String name) {
        JsonNode topic = gateway.admin().get(AdminClient.topic(name));
        if (output.isJson()) {
            output.print(topic);
            return;
        }
        describe(output.out(), topic);
        Table table =
                new Table(
                        "PARTITION",
                        "STATE",
                        "EPOCH",
                        "LEADER",
                        "REPLICAS",
                        "ISR",
                        "HIGH WATERMARK",
                        "LOG END",
                        "LAG");
        for (JsonNode partition : topic.path("partitions")) {
            table.row(
                    partition.path("partition").asText(),
                    partition.path("online").asBoolean() ? "online" : "offline",
                    partition.path("leaderEpoch").asText(),
                    partition.path("leader").asText(),
                    join(partition.path("replicas"), "node"),
                    join(partition.path("isr"), ""),
                    partition.path("highWatermark").asText(),
                    partition.path("logEndOffset").asText(),
                    join(partition.path("replicas"), "lag"));
        }
        output.print(table);
    }

    private static void describe(PrintWriter out, JsonNode topic) {
        List<String> overridden = new ArrayList<>();
        topic.path("overridden")
                .forEach(
                        name ->
                                overridden.add(
                                        name.asText()
                                                + "="
                                                + topic.path(SETTINGS)
                                                        .path(name.asText())
                                                        .asText()));
        out.println(
                "%s (%s), created %s"
                        .formatted(
                                topic.path("name").asText(),
                                topic.path("id").asText(),
                                topic.path("created").asText()));
        out.println(
                "settings: " + (overridden.isEmpty() ? "defaults" : String.join(" ", overridden)));
    }

    private static String join(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(
                element -> {
                    JsonNode value = field.isEmpty() ? element : element.path(field);
                    texts.add(value.isMissingNode() || value.isNull() ? "?" : value.asText());
                });
        return String.join(",", texts);
    }

    @Command(
            name = "alter",
            description = "Changes settings, or raises the number of partitions.",
            mixinStandardHelpOptions = true)
    void alter(
            @Mixin GatewayOption gateway,
            @Mixin OutputOption output,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--partitions", description = "At least as many as there are.")
                    @Nullable Integer partitions,
            @Option(names = "--config", paramLabel = "NAME=VALUE", description = "Sets a setting.")
                    @Nullable Map<String, String> config,
            @Option(
                            names = "--delete-config",
                            paramLabel = "NAME",
                            description = "Takes a setting back to its default.")
                    @Nullable List<String> deleteConfig) {
        ObjectNode body = NODES.objectNode();
        if (partitions != null) {
            body.put("partitions", partitions);
        }
        putSettings(body, config);
        if (deleteConfig != null) {
            deleteConfig.forEach(setting -> body.withObject("/" + SETTINGS).putNull(setting));
        }
        if (body.isEmpty()) {
            throw new ParameterException(
                    spec.subcommands().get("alter"),
                    "Nothing is to change: give --partitions, --config or --delete-config");
        }
        report(output, "altered", gateway.admin().patch(AdminClient.topic(name), body));
    }

    @Command(
            name = "delete",
            description = "Deletes a topic with all its records.",
            mixinStandardHelpOptions = true)
    void delete(
            @Mixin GatewayOption gateway,
            @Mixin OutputOption output,
            @Parameters(paramLabel = "NAME") String name) {
        gateway.admin().delete(AdminClient.topic(name));
        report(output, "deleted", NODES.objectNode().put("name", name));
    }

    private static void putSettings(ObjectNode body, @Nullable Map<String, String> config) {
        if (config != null) {
            ObjectNode settings = body.putObject(SETTINGS);
            new LinkedHashMap<>(config).forEach(settings::put);
        }
    }

    private static void report(OutputOption output, String what, JsonNode topic) {
        if (output.isJson()) {
            output.print(topic);
            return;
        }
        JsonNode partitions = topic.path("partitionCount");
        output.out()
                .println(
                        what
                                + " topic "
                                + topic.path("name").asText()
                                + (partitions.isMissingNode()
                                        ? ""
                                        : ": %s partitions, %s replicas, min.insync.replicas %s, %s"
                                                .formatted(
                                                        partitions.asText(),
                                                        topic.path("replicationFactor").asText(),
                                                        topic.path(SETTINGS)
                                                                .path("min.insync.replicas")
                                                                .asText(),
                                                        topic.path(SETTINGS)
                                                                .path("ackgate.durability")
                                                                .asText())));
    }
}
