package io.ackgate.storage.node.settings;

import io.ackgate.process.SettingNames;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** Finds settings and variables that were given to this process and are none of its own. */
public final class MisspeltSettings {
    /** Known when a native executable is built, which cannot look into classes any more. */
    private static final SettingNames NAMES =
            new SettingNames(
                    "a storage node",
                    ConfigMappings.getProperties(ConfigClass.configClass(NodeConfig.class))
                            .keySet(),
                    Set.of(
                            "ACKGATE_ADMIN_",
                            "ACKGATE_ADVERTISED_",
                            "ACKGATE_DATA_",
                            "ACKGATE_HTTP_",
                            "ACKGATE_METADATA_",
                            "ACKGATE_MODE",
                            "ACKGATE_OFFSETS_",
                            "ACKGATE_PARTITIONS_",
                            "ACKGATE_PRODUCE_",
                            "ACKGATE_READ_",
                            "ACKGATE_SHUTDOWN_",
                            "ACKGATE_STORAGE_",
                            "ACKGATE_TOPIC_",
                            "ACKGATE_UNCLEAN_"));

    private MisspeltSettings() {}

    /**
     * Looks at every name that was given, wherever.
     *
     * @throws InvalidSettingException if any of them is no setting; the text says which are meant
     */
    public static void refuse(Config config) {
        List<String> problems = NAMES.problems(config.getPropertyNames(), System.getenv().keySet());
        if (!problems.isEmpty()) {
            throw new InvalidSettingException(String.join("; ", problems));
        }
    }

    /** Variables of gateways, which have no effect here. */
    public static List<String> ofGateways() {
        return NAMES.ofOthers(System.getenv().keySet());
    }
}
