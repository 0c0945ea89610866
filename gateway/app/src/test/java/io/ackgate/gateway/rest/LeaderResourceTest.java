package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way out of a partition whose only in-sync replica does not come back. */
@QuarkusTest
class LeaderResourceTest {
    private static final List<Integer> ALL = List.of(1, 2, 3);

    @AfterEach
    void bring_all_back() {
        ALL.forEach(node -> given().post("/admin/v1/nodes/" + node + "/start"));
    }

    @Test
    void a_partition_that_is_offline_is_brought_back_by_name_only() throws Exception {
        String topic = topic(1, Map.of("min.insync.replicas", 1));
        awaitIsr(topic, ALL);
        write(topic, "on all three");
        int leader = partition(topic).getInt("leader");
        List<Integer> others = ALL.stream().filter(node -> node != leader).toList();
        others.forEach(node -> node(node, "stop"));
        awaitIsr(topic, List.of(leader));
        write(topic, "on one");
        node(leader, "stop");
        others.forEach(node -> node(node, "start"));

        elect(topic, "{}")
                .statusCode(400)
                .contentType(Problem.MEDIA_TYPE)
                .body("field", equalTo("unclean"))
                .body("detail", allOf(containsString("give true"), containsString("loses")));
        elect(topic, "{\"unclean\": false}").statusCode(400).body("field", equalTo("unclean"));
        elect(topic, "{\"unclean\": true, \"leader\": 9}")
                .statusCode(400)
                .body("field", equalTo("leader"))
                .body("detail", containsString("leader was given as 9"));
        elect(topic, "{\"unclean\": true, \"leader\": %d}".formatted(others.get(1)))
                .statusCode(200)
                .body("online", equalTo(true))
                .body("leader", equalTo(others.get(1)))
                .body("uncleanElections", equalTo(1));
        awaitIsr(topic, others);
        elect(topic, "{\"unclean\": true}")
                .statusCode(409)
                .body("code", equalTo("ELECTION_NOT_NEEDED"));

        write(topic, "after it");
        node(leader, "start");
        awaitIsr(topic, ALL);
        get("/admin/v1/topics/" + topic + "/records?partition=0&offset=0")
                .then()
                .statusCode(200)
                .body("records.value", equalTo(List.of("on all three", "after it")));
        get("/q/metrics").then().body(containsString("ackgate_unclean_elections_total"));
    }

    @Test
    void what_is_not_there_is_named() throws Exception {
        elect("nowhere", "{\"unclean\": true}").statusCode(404);
        String topic = topic(1, Map.of());
        given().contentType("application/json")
                .body("{\"unclean\": true}")
                .post("/admin/v1/topics/" + topic + "/partitions/7/leader")
                .then()
                .statusCode(404);
        given().contentType("application/json")
                .body("{\"unclean\": true, \"node\": 1}")
                .post("/admin/v1/topics/" + topic + "/partitions/0/leader")
                .then()
                .statusCode(400);
    }

    @Test
    void a_topic_says_whether_it_comes_back_by_itself() throws Exception {
        String topic = topic(1, Map.of("unclean.leader.election", "when-all-answered"));
        get("/admin/v1/topics/" + topic)
                .then()
                .body("settings.'unclean.leader.election'", equalTo("when-all-answered"))
                .body("overridden", hasItem("unclean.leader.election"))
                .body("partitions", hasSize(1));
        given().contentType("application/json")
                .body("{\"settings\": {\"unclean.leader.election\": true}}")
                .patch("/admin/v1/topics/" + topic)
                .then()
                .statusCode(400)
                .body("detail", containsString("default, false or when-all-answered"));
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
        List<Integer> sorted = nodes.stream().sorted().toList();
        await(() -> partition(topic).getList("isr", Integer.class).equals(sorted));
    }

    private static void node(int node, String verb) {
        given().post("/admin/v1/nodes/" + node + "/" + verb).then().statusCode(200);
    }
}
