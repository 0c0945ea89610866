package io.ackgate.storage.node;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.replication.client.GrpcTransport;
import io.ackgate.replication.client.GrpcTransportSettings;
import io.ackgate.replication.client.NodeAddress;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.node.transport.Frames;
import io.ackgate.storage.node.transport.TestGateway;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The application as a whole: health and metrics beside a stream that does something. */
@QuarkusTest
@Timeout(60)
class StorageNodeApplicationTest {
    private static final NodeId ONE = new NodeId(1);
    private static final PartitionId PARTITION = new PartitionId(new TopicId(3, 4), 2);

    @Test
    void lives_is_ready_once_it_has_recovered_and_counts_what_it_does() throws Exception {
        get("/q/health/live").then().statusCode(200).body("status", equalTo("UP"));
        while (get("/q/health/ready").statusCode() != 200) {
            Thread.onSpinWait();
        }
        int port =
                get("/q/health/ready")
                        .jsonPath()
                        .getInt("checks.find { it.name == 'storage engine' }.data.port");

        try (GrpcTransport transport =
                new GrpcTransport(
                        GrpcTransportSettings.defaults("test"),
                        1,
                        Map.of(ONE, new NodeAddress("127.0.0.1", port)))) {
            TestGateway gateway = new TestGateway(transport);
            gateway.create(ONE, PARTITION, 1, ReplicaSettings.DEFAULTS);
            gateway.ask(
                    ONE,
                    new StorageRequest.Append(PARTITION, 1, Frames.frame(PARTITION, 0, 1), 0),
                    StorageAnswer.Appended.class);

            assertEquals(1, metric("ackgate_appended_frames_total"));
            assertTrue(metric("ackgate_appended_bytes_total") > 90);
            assertTrue(metric("ackgate_journal_sync_seconds_count") >= 1);
            assertTrue(metric("ackgate_journal_written_bytes_total") > 90);
            assertEquals(0, metric("ackgate_journal_sync_failures_total"));
            gateway.ask(
                    ONE,
                    new StorageRequest.Read(PARTITION, 1, 7, 0, 1_000, 1),
                    StorageAnswer.Records.class);
            assertEquals(1, metric("ackgate_reads_total"));
            assertEquals(
                    metric("ackgate_appended_bytes_total"), metric("ackgate_read_bytes_total"));
            gateway.reconcileAgain(ONE, PARTITION, 2);
            String refused = "ackgate_refused_requests_total{reason=\"stale-epoch\"}";
            assertEquals(0, metric(refused));
            gateway.ask(
                    ONE,
                    new StorageRequest.Append(PARTITION, 1, Frames.frame(PARTITION, 1, 1), 0),
                    StorageAnswer.Refused.class);
            assertEquals(1, metric(refused));
            assertEquals(1, metric("ackgate_gateway_streams"));
            assertTrue(metric("ackgate_disk_usable_bytes") > 0);
            awaitMetric("ackgate_replicas", 1);
            awaitMetric("ackgate_replica_records", 1);
            assertEquals(0, metric("ackgate_replicas_faulty"));
            assertEquals(0, metric("ackgate_disk_full"));
        }
        get("/q/health/ready")
                .then()
                .body("checks.name", hasItem("storage engine"))
                .body("checks.find { it.name == 'storage engine' }.data.replicas", equalTo(1));
        get("/q/metrics").then().body(containsString("jvm_memory_used_bytes"));
    }

    private static void awaitMetric(String name, double expected) {
        while (metric(name) != expected) {
            Thread.onSpinWait();
        }
    }

    private static double metric(String name) {
        for (String line : get("/q/metrics").asString().lines().toList()) {
            if (line.startsWith(name + " ") || line.startsWith(name + "{")) {
                return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        throw new AssertionError("no metric " + name);
    }
}
