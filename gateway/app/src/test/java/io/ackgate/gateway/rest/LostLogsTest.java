package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A partition all of whose logs are lost says so, and begins again when all is given up. */
@QuarkusTest
class LostLogsTest {
    private static final List<Integer> ALL = List.of(1, 2, 3);

    @ConfigProperty(name = "ackgate.data.dir")
    Path data;

    @AfterEach
    void bring_all_back() {
        ALL.forEach(node -> given().post("/admin/v1/nodes/" + node + "/start"));
    }

    @Test
    void a_partition_without_any_log_is_begun_anew_by_a_further_word_only() throws Exception {
        String topic = topic(1, Map.of("min.insync.replicas", 1));
        awaitIsr(topic, ALL);
        write(topic, "is lost");
        ALL.forEach(node -> node(node, "stop"));
        removeLogs(get("/admin/v1/topics/" + topic).jsonPath().getString("id"));
        ALL.forEach(node -> node(node, "start"));

        await(() -> ALL.equals(without(topic)));
        elect(topic, "{\"unclean\": true}")
                .statusCode(503)
                .contentType(Problem.MEDIA_TYPE)
                .body("code", equalTo("ELIGIBLE_LEADERS_NOT_AVAILABLE"))
                .body("detail", allOf(containsString("new, empty log"), containsString("gives")));
        elect(topic, "{\"emptyLog\": true}").statusCode(400).body("field", equalTo("unclean"));
        elect(topic, "{\"unclean\": true, \"emptyLog\": true, \"leader\": 2}")
                .statusCode(200)
                .body("online", equalTo(true))
                .body("leader", equalTo(2))
                .body("uncleanElections", equalTo(1))
                .body("answers", nullValue());
        JsonPath after = partition(topic);
        assertEquals(after.getInt("leaderEpoch"), after.getInt("lastEmptiedEpoch"));
        awaitIsr(topic, ALL);
        write(topic, "the first one again");
        get("/admin/v1/topics/" + topic + "/records?partition=0&offset=0")
                .then()
                .statusCode(200)
                .body("records.value", equalTo(List.of("the first one again")));
    }

    private void removeLogs(String topicId) throws IOException {
        for (int node : ALL) {
            Path logs = data.resolve("node-" + node).resolve("partitions");
            try (Stream<Path> all = Files.walk(logs)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    if (logs.relativize(path).toString().startsWith(topicId)) {
                        Files.delete(path);
                    }
                }
            }
        }
    }

    /** The nodes that say that they have no log, and nothing else. */
    private static List<Integer> without(String topic) {
        JsonPath seen = partition(topic);
        List<Map<String, Object>> answers = seen.getList("answers");
        return answers == null || seen.getBoolean("online")
                ? List.of()
                : answers.stream()
                        .filter(each -> each.keySet().equals(Set.of("node", "inSync", "answer")))
                        .filter(each -> "MISSING".equals(each.get("answer")))
                        .map(each -> (Integer) each.get("node"))
                        .sorted()
                        .toList();
    }

    private static ValidatableResponse elect(String topic, String body) {
        return given().contentType("application/json")
                .body(body)
                .post("/admin/v1/topics/" + topic + "/partitions/0/leader")
                .then();
    }

    private static void write(String topic, String value) {
        given().contentType("application/json")
                .body("{\"value\": \"" + value + "\"}")
                .post("/admin/v1/topics/" + topic + "/records")
                .then()
                .statusCode(200);
    }

    private static JsonPath partition(String topic) {
        return get("/admin/v1/topics/" + topic + "/partitions/0").jsonPath();
    }

    private static void awaitIsr(String topic, List<Integer> nodes) {
        await(() -> partition(topic).getList("isr", Integer.class).equals(nodes));
    }

    private static void node(int node, String verb) {
        given().post("/admin/v1/nodes/" + node + "/" + verb).then().statusCode(200);
    }
}
