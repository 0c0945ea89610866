package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ackgate.client.AckgateConsumer;
import io.ackgate.client.Endpoint;
import io.ackgate.client.producer.FakeConsumption;
import io.ackgate.client.producer.FakeGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What groups have committed, as it is shown. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class GroupsCommandTest {
    private final FakeGateway gateway = new FakeGateway().topic("t", 2);
    private final FakeConsumption consumption = new FakeConsumption(gateway, 100);

    @BeforeEach
    void start() {
        gateway.with(consumption).startOnSocket();
        try (AckgateConsumer consumer = new AckgateConsumer(Endpoint.listOf(gateway.address()))) {
            consumer.commit("billing", "t", Map.of(0, 0L, 1, 7L));
            consumer.commit("audit", "t", Map.of(1, 3L));
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private CommandRun run(String... args) {
        List<String> line = new ArrayList<>(List.of(args));
        line.add("--bootstrap-server");
        line.add(gateway.address());
        return CommandRun.of(line.toArray(String[]::new));
    }

    @Test
    void all_groups_with_their_lag() {
        CommandRun run = run("groups");
        assertEquals(0, run.status(), run::err);
        assertEquals(
                """
                GROUP    PARTITIONS  LAG  LAST COMMIT
                audit             1    -  2025-01-01T00:00:00Z
                billing           2    0  2025-01-01T00:00:00Z
                """,
                run.out());
        assertEquals(run.out(), run("groups", "list").out());
    }

    @Test
    void one_group_by_partition() throws IOException {
        CommandRun run = run("group", "describe", "billing");
        assertEquals(0, run.status(), run::err);
        assertEquals(
                """
                TOPIC  PARTITION  OFFSET  HIGH WATERMARK  LAG  COMMITTED
                t              0       0               0    0  2025-01-01T00:00:00Z
                t              1       7               -    -  2025-01-01T00:00:00Z
                """,
                run.out());
        JsonNode json =
                new ObjectMapper()
                        .readTree(run("groups", "describe", "billing", "-o", "json").out());
        assertEquals("billing", json.path("group").asText());
        assertEquals(0, json.path("offsets").path(0).path("lag").asInt(-1));
        assertTrue(json.path("offsets").path(1).path("lag").isMissingNode());
    }

    @Test
    void a_group_that_is_deleted_is_gone() {
        assertEquals(0, run("groups", "delete", "billing").status());
        CommandRun gone = run("groups", "describe", "billing");
        assertEquals(1, gone.status());
        assertEquals("ackgate: GROUP_ID_NOT_FOUND: no group\n", gone.err());
    }
}
