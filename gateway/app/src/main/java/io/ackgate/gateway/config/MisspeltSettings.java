package io.ackgate.gateway.config;

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
                    "a gateway",
                    ConfigMappings.getProperties(ConfigClass.configClass(AckgateConfig.class))
                            .keySet(),
                    Set.of("ACKGATE_NODE_"));

    private MisspeltSettings() {}

    /**
     * Looks at every name that was given, wherever.
     *
     * @return one sentence per name that is no setting; none if all is well
     */
    public static List<String> problems(Config config) {
        return NAMES.problems(config.getPropertyNames(), System.getenv().keySet());
    }

    /** Variables of storage nodes, which have no effect here. */
    public static List<String> ofStorageNodes() {
        return NAMES.ofOthers(System.getenv().keySet());
    }
}
