package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.metadata.etcd.EtcdProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose metadata is in etcd: the process, its directory and etcd come and go. */
@Timeout(240)
class EtcdMetadataIT {
    private final Path directory;
    private final SeparateProcesses cluster;

    @RegisterExtension final FailedWithLogs logs;

    @SuppressWarnings("NullAway.Init")
    private EtcdProcess etcd;

    EtcdMetadataIT(@TempDir Path directory) {
        this.directory = directory;
        cluster = new SeparateProcesses(directory);
        logs = new FailedWithLogs(cluster::all);
    }

    @BeforeEach
    void startEtcd() throws Exception {
        etcd = EtcdProcess.start(Files.createDirectory(directory.resolve("etcd")));
    }

    @AfterEach
    void end() throws Exception {
        cluster.close();
        if (etcd != null) {
            etcd.close();
        }
    }

    private void start(String lease) {
        cluster.gatewaySettings(
                "ackgate.metadata.store=etcd",
                "ackgate.metadata.etcd.endpoints=" + etcd.endpoint(),
                "ackgate.metadata.etcd.lease=" + lease);
        cluster.start();
    }

    @Test
    void a_gateway_goes_on_where_a_killed_one_was_without_its_disk() throws Exception {
        start("3s");
        List<Place> places = Topics.create(cluster.gateway());
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places)) {
            load.awaitMore(200);
            load.finish();
            Path second = directory.resolve("second");
            try (AckgateProcess beside = cluster.launchGateway(second, FreePorts.next())) {
                assertFalse(beside.listens(), "one gateway at a time");
                assertTrue(beside.log().contains("holds this cluster in etcd"), beside::log);
            }
            cluster.killGateway();
            assertTrue(Files.notExists(directory.resolve("gateway")), "all of it is in etcd");
            cluster.startGateway();
            load.verify(cluster.gateway());
        }
    }

    @Test
    void records_are_acknowledged_while_etcd_is_away_for_less_than_a_lease() throws Exception {
        start("60s");
        List<Place> places = Topics.create(cluster.gateway());
        try (NumberedLoad load = new NumberedLoad(cluster.gateway(), places)) {
            load.awaitMore(100);
            etcd.kill();
            load.awaitMore(300);
            etcd.start();
            load.awaitMore(100);
            int topics = 0;
            while (!isMade("made-afterwards-" + topics)) {
                topics++;
            }
            load.finish();
            assertEquals(Map.of(), load.refusals());
            load.verify(cluster.gateway());
        }
    }

    private boolean isMade(String topic) throws Exception {
        try {
            cluster.gateway().createTopic(topic, 1, Map.of());
            return true;
        } catch (AssertionError notYet) {
            Thread.sleep(100);
            return false;
        }
    }
}
