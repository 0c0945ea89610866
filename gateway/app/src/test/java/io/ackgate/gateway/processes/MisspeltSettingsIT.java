package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both processes refuse to start with settings that they do not have. */
@Timeout(120)
class MisspeltSettingsIT {
    @TempDir Path data;

    @Test
    void a_gateway_names_a_misspelt_setting_and_ends() {
        try (AckgateProcess process =
                AckgateProcess.gateway(data, 0, "ackgate.produce.timout=3s")) {
            assertFalse(process.listens());
            assertEquals(1, process.awaitEnd());
            assertTrue(
                    process.log()
                            .contains(
                                    "ackgate.produce.timout is no setting of a gateway: did you"
                                            + " mean ackgate.produce.timeout?"),
                    process::log);
        }
    }

    @Test
    void a_storage_node_names_a_misspelt_variable_and_ends() {
        Map<String, String> environment =
                Map.of("ACKGATE_NODE_MAX_FRAME_SIZ", "1M", "ACKGATE_STORAGE_NODES", "one:9090");
        try (AckgateProcess process =
                AckgateProcess.storageNode(1, data, 0, "256m", List.of(), environment)) {
            assertFalse(process.listens());
            assertEquals(1, process.awaitEnd());
            assertTrue(
                    process.log()
                            .contains(
                                    "ACKGATE_NODE_MAX_FRAME_SIZ is no setting of a storage node:"
                                            + " did you mean ACKGATE_NODE_MAX_FRAME_SIZE?"),
                    process::log);
        }
    }
}
