package io.ackgate.gateway.processes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Gateway, metadata and three replicas in one process, which is killed under load. */
@Timeout(240)
class KilledStandaloneIT {
    @TempDir Path data;

    private final List<AckgateProcess> lives = new ArrayList<>();

    @RegisterExtension final FailedWithLogs logs = new FailedWithLogs(() -> lives);

    @AfterEach
    void end() {
        lives.forEach(AckgateProcess::close);
    }

    @Test
    void what_was_acknowledged_survives_kill_9_and_a_retry_is_written_once(TestReporter reporter)
            throws Exception {
        GatewayAccess gateway = start(FreePorts.next());
        try (NumberedLoad load = new NumberedLoad(gateway, Topics.create(gateway))) {
            // A kill that finds nothing under way shows nothing.
            for (int kill = 1; kill <= 2 || load.unanswered() == 0; kill++) {
                load.awaitMore(200);
                load.strike(lives.getLast()::kill9);
                gateway.close();
                gateway = start(lives.getLast().port());
                load.goOn(gateway);
            }
            load.awaitMore(200);
            load.finish();
            reporter.publishEntry("killed", load.toString());
        } finally {
            gateway.close();
        }
    }

    private GatewayAccess start(int port) {
        lives.add(AckgateProcess.gateway(data, port));
        return new GatewayAccess(lives.getLast().port());
    }
}
