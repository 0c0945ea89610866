package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the administrative commands ask of the REST side, and what they show. */
class TopicCommandTest {
    private static final String TOPIC =
            """
            {"name":"t","id":"5f0c","partitionCount":2,"replicationFactor":3,
             "settings":{"min.insync.replicas":"2","ackgate.durability":"fsync",
                         "ackgate.default.acks":"all"},
             "overridden":["min.insync.replicas"],"created":"2025-01-01T00:00:00Z",
             "partitions":[
              {"partition":0,"online":true,"leaderEpoch":3,"leader":1,"isr":[1,2],
               "highWatermark":17,"logEndOffset":18,
               "replicas":[{"node":1,"lag":0},{"node":2,"lag":0},{"node":3}]},
              {"partition":1,"online":false,"leaderEpoch":0,"isr":[],"replicas":[]}]}
            """;

    private final FakeAdmin admin;

    TopicCommandTest() throws IOException {
        admin = new FakeAdmin();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    private CommandRun run(String... args) {
        List<String> line = new ArrayList<>(List.of(args));
        line.add("--bootstrap");
        line.add(admin.address());
        return CommandRun.of(line.toArray(String[]::new));
    }

    @Test
    void create_sends_what_was_given_and_nothing_else() {
        admin.answers("POST /admin/v1/topics", 201, TOPIC);
        CommandRun run =
                run(
                        "topic",
                        "create",
                        "t",
                        "--partitions",
                        "2",
                        "--config",
                        "min.insync.replicas=2",
                        "--config",
                        "ackgate.durability=fsync");
        assertEquals(0, run.status(), run::err);
        assertEquals(
                "created topic t: 2 partitions, 3 replicas, min.insync.replicas 2, fsync\n",
                run.out());
        assertEquals(
                List.of(
                        "POST /admin/v1/topics"
                            + " {\"name\":\"t\",\"partitions\":2,\"settings\":{\"min.insync.replicas\":\"2\",\"ackgate.durability\":\"fsync\"}}"),
                admin.requests);
        run("topic", "create", "plain");
        assertEquals("POST /admin/v1/topics {\"name\":\"plain\"}", admin.requests.get(1));
    }

    @Test
    void the_next_address_is_asked_when_nobody_is_at_the_first() {
        admin.answers("GET /admin/v1/topics", 200, "[]");
        CommandRun run =
                CommandRun.of(
                        "topic",
                        "list",
                        "--bootstrap-server",
                        "127.0.0.1:1," + admin.address(),
                        "-o",
                        "json");
        assertEquals(0, run.status(), run::err);
        assertEquals(List.of("GET /admin/v1/topics"), admin.requests);
    }

    @Test
    void a_problem_is_one_line_with_kafkas_name() {
        admin.answers(
                "POST /admin/v1/topics",
                409,
                "{\"code\":\"TOPIC_ALREADY_EXISTS\",\"detail\":\"there is a topic 't'. Choose"
                        + " another name.\"}");
        admin.answers("GET /admin/v1/topics/t", 200, TOPIC);
        CommandRun refused = run("topic", "create", "t");
        assertEquals(1, refused.status());
        assertEquals("", refused.out());
        assertEquals(
                "ackgate: TOPIC_ALREADY_EXISTS: there is a topic 't'. Choose another name.\n",
                refused.err());
        CommandRun accepted = run("topic", "create", "t", "--if-not-exists");
        assertEquals(0, accepted.status());
        assertTrue(accepted.out().startsWith("exists topic t"), accepted::out);
    }

    @Test
    void what_a_gateway_says_commands_no_terminal() {
        admin.answers(
                "POST /admin/v1/topics",
                400,
                "{\"code\":\"INVALID_CONFIG\",\"detail\":\"\\u001b[2Jno\"}");
        assertEquals("ackgate: INVALID_CONFIG: \\u001b[2Jno\n", run("topic", "create", "t").err());
        admin.answers("GET /admin/v1/topics", 200, "[{\"name\":\"\\u001b[2J\\u009b\"}]");
        assertTrue(run("topic", "list").out().contains("\\u001b[2J\\u009b"));
        CommandRun json = run("topic", "list", "-o", "json");
        assertTrue(json.out().contains("\\u001B[2J\\u009b"), json::out);
    }

    @Test
    void a_broken_answer_is_told_too() {
        CommandRun run = run("topic", "list");
        assertEquals(1, run.status());
        assertEquals(
                "ackgate: UNKNOWN_SERVER_ERROR: GET /topics was answered with HTTP status 500\n",
                run.err());
    }

    @Test
    void describe_shows_every_partition() {
        admin.answers("GET /admin/v1/topics/t", 200, TOPIC);
        CommandRun run = run("topic", "describe", "t");
        assertEquals(0, run.status(), run::err);
        assertEquals(
                """
                t (5f0c), created 2025-01-01T00:00:00Z
                settings: min.insync.replicas=2
                PARTITION  STATE    EPOCH  LEADER  REPLICAS  ISR  HIGH WATERMARK  LOG END  LAG
                        0  online       3       1  1,2,3     1,2              17       18  0,0,?
                        1  offline      0       -  -         -                 -        -  -
                """,
                run.out());
        assertTrue(run("topic", "describe", "t", "-o", "json").out().contains("\"leaderEpoch\""));
    }

    @Test
    void list_shows_a_line_for_each() {
        admin.answers("GET /admin/v1/topics", 200, "[" + TOPIC + "]");
        assertEquals(
                """
                NAME  PARTITIONS  REPLICAS  MIN.INSYNC  DURABILITY  ACKS
                t              2         3           2  fsync       all
                """,
                run("topic", "list").out());
    }

    @Test
    void alter_and_delete_reach_the_topic_whatever_its_name() {
        admin.answers("PATCH /admin/v1/topics/a%2Fb", 200, TOPIC);
        admin.answers("DELETE /admin/v1/topics/t", 204, "");
        CommandRun altered =
                run(
                        "topic",
                        "alter",
                        "a/b",
                        "--partitions",
                        "4",
                        "--config",
                        "retention.ms=1",
                        "--delete-config",
                        "ackgate.min.acks");
        assertEquals(0, altered.status(), altered::err);
        assertEquals(
                "PATCH /admin/v1/topics/a%2Fb"
                    + " {\"partitions\":4,\"settings\":{\"retention.ms\":\"1\",\"ackgate.min.acks\":null}}",
                admin.requests.get(0));
        assertEquals("deleted topic t\n", run("topic", "delete", "t").out());
        assertEquals("DELETE /admin/v1/topics/t", admin.requests.get(1));
    }

    @Test
    void the_cluster_is_shown_at_a_glance() {
        admin.answers(
                "GET /admin/v1/cluster",
                200,
                """
                {"clusterId":"c1","mode":"standalone","topics":1,"partitions":6,
                 "offlinePartitions":0,"underReplicatedPartitions":6,"underMinIsrPartitions":0,
                 "nodes":[{"id":1,"connected":true},
                          {"id":2,"address":"10.0.0.2:9090","connected":false}],
                 "gateways":[{"session":"7","address":"127.0.0.1:8080","self":true}]}
                """);
        assertEquals(
                """
                cluster c1, standalone: 1 topics, 6 partitions (0 offline, 6 under-replicated, 0 under min.insync.replicas)
                ROLE          ID  ADDRESS         STATE
                storage node   1  in the gateway  connected
                storage node   2  10.0.0.2:9090   not connected
                gateway        7  127.0.0.1:8080  answers
                """,
                run("cluster").out());
    }
}
