package io.ackgate.docs;

import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.config.SettingsCheck;
import io.ackgate.storage.node.settings.NodeConfig;
import io.ackgate.storage.node.settings.NodeSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** settings.md, from the settings' definitions. */
final class SettingsPage {
    private static final String GATEWAY = "gateway/app/src/main/";
    private static final String GATEWAY_CONFIG = GATEWAY + "java/io/ackgate/gateway/config/";
    private static final String NODE = "storage-node/app/src/main/";

    private SettingsPage() {}

    static Page page() throws IOException {
        return new Page(
                "settings.md",
                "# Settings\n\n"
                        + Page.generated(
                                "`AckgateConfig`, `NodeConfig`, `TopicSetting`, `ProducerConfig`"
                                        + " and both `application.properties`")
                        + """

                        A setting of a process is given as a system property (`-Dackgate.produce.timeout=10s`), as an environment variable
                        (`ACKGATE_PRODUCE_TIMEOUT=10s`: upper case, all else an underscore), or in a file `config/application.properties` in the
                        directory that the process is started in. Sizes may end in K, M or G, times in ms, s, m, h or d.

                        A process does not start with a setting that is out of its bounds, or with an `ackgate.` name or `ACKGATE_` variable that it
                        does not have: it says what was given and what is allowed, and for a misspelt name the nearest one.

                        ## The gateway

                        """
                        + Setting.table(gateway())
                        + """

                        What it sets of Quarkus, and why. These can be given like the others:

                        """
                        + QuarkusSettings.table(GATEWAY + "resources/application.properties")
                        + """

                        ## The storage node

                        """
                        + Setting.table(node())
                        + """

                        It listens where `ackgate.listen` says, `127.0.0.1` by default, with all its ports, and writes its log as
                        `ackgate.log.format` says, `text` by default or `json`. Of Quarkus it sets:

                        """
                        + QuarkusSettings.table(NODE + "resources/application.properties")
                        + """

                        In standalone mode the three storage nodes are in the gateway's process and have these defaults: none of them can be set.

                        ## A topic

                        Given when a topic is created, and changed later: `ackgate topic create|alter --config name=value`, or `settings` of
                        `POST` and `PATCH /admin/v1/topics`. The defaults are those of a topic with three replicas.

                        """
                        + Setting.table(TopicSettingsRows.all())
                        + """

                        ## The Java producer

                        Of `ProducerConfig`, by Kafka's names; the `ackgate produce` command takes them with `--producer-config`. A name that does
                        not exist and settings that contradict each other are refused.

                        """
                        + Setting.table(ProducerSettingsRows.all()));
    }

    private static List<Setting> gateway() {
        return new ProcessSettings<>(
                        AckgateConfig.class,
                        List.of(
                                GATEWAY_CONFIG + "AckgateConfig.java",
                                GATEWAY_CONFIG + "TopicConfig.java",
                                GATEWAY_CONFIG + "HttpConfig.java"),
                        Map.of(),
                        config -> SettingsCheck.problems(config, "127.0.0.1"))
                .all();
    }

    private static List<Setting> node() {
        return new ProcessSettings<>(
                        NodeConfig.class,
                        List.of(NODE + "java/io/ackgate/storage/node/settings/NodeConfig.java"),
                        Map.of("ackgate.node.id", "1"),
                        config -> {
                            NodeSettings.of(config);
                            return List.of();
                        })
                .all();
    }
}
