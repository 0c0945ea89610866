package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Topics through the admin API. */
@QuarkusTest
class TopicsResourceTest {
    @Test
    void bodies_mean_what_they_say() {
        for (String body :
                java.util.List.of(
                        "{\"name\": \"strict\", \"partitions\": 2.9}",
                        "{\"name\": \"strict\", \"partitions\": \"3\"}",
                        "{\"name\": \"strict\", \"partitions\": 1, \"partitions\": 2}",
                        "{\"name\": \"strict\"} {}",
                        "null")) {
            given().contentType("application/json")
                    .body(body)
                    .post("/admin/v1/topics")
                    .then()
                    .statusCode(400)
                    .contentType(Problem.MEDIA_TYPE);
        }
        get("/admin/v1/topics/strict").then().statusCode(404);
    }

    @Test
    void a_topic_is_created_described_listed_changed_and_deleted() {
        given().contentType("application/json")
                .body(
                        """
                        {"name": "quakes", "partitions": 2,
                         "settings": {"min.insync.replicas": 2, "ackgate.durability": "page-cache"}}
                        """)
                .post("/admin/v1/topics")
                .then()
                .statusCode(201)
                .header("Location", endsWith("/admin/v1/topics/quakes"))
                .body("name", equalTo("quakes"))
                .body("partitionCount", equalTo(2))
                .body("replicationFactor", equalTo(3))
                .body("settings.'ackgate.durability'", equalTo("page-cache"))
                .body(
                        "overridden",
                        equalTo(java.util.List.of("ackgate.durability", "min.insync.replicas")));

        get("/admin/v1/topics/quakes")
                .then()
                .statusCode(200)
                .body("partitions", hasSize(2))
                .body("partitions[1].partition", equalTo(1))
                .body("partitions[1].replicas", hasSize(3));
        get("/admin/v1/topics").then().statusCode(200).body("name", hasItem("quakes"));

        patch("quakes", "{\"partitions\": 3, \"settings\": {\"retention.ms\": 1000}}")
                .statusCode(200)
                .body("partitionCount", equalTo(3))
                .body("settings.'retention.ms'", equalTo("1000"));
        patch("quakes", "{\"settings\": {\"retention.ms\": null}}")
                .statusCode(200)
                .body("overridden", not(hasItem("retention.ms")));

        given().delete("/admin/v1/topics/quakes").then().statusCode(204);
        get("/admin/v1/topics/quakes")
                .then()
                .statusCode(404)
                .contentType(Problem.MEDIA_TYPE)
                .body("code", equalTo("UNKNOWN_TOPIC_OR_PARTITION"));
    }

    @Test
    void a_name_is_taken_once() {
        String name = topic(1, Map.of());
        given().contentType("application/json")
                .body(Map.of("name", name))
                .post("/admin/v1/topics")
                .then()
                .statusCode(409)
                .body("code", equalTo("TOPIC_ALREADY_EXISTS"));
    }

    @Test
    void changes_that_cannot_be() {
        String name = topic(2, Map.of());
        patch(name, "{\"partitions\": 1}")
                .statusCode(400)
                .body("code", equalTo("INVALID_PARTITIONS"));
        patch(name, "{\"settings\": {\"min.insync.replicas\": 9}}")
                .statusCode(400)
                .body("code", equalTo("INVALID_CONFIG"));
        patch(name, "{}").statusCode(400).body("detail", containsString("nothing is to change"));
        patch("nope", "{\"partitions\": 3}").statusCode(404);
    }

    @Test
    void a_partition() {
        String name = topic(2, Map.of());
        get("/admin/v1/topics/{name}/partitions/1", name)
                .then()
                .statusCode(200)
                .body("partition", equalTo(1))
                .body("$", hasKey("leaderEpoch"))
                .body("$", hasKey("phase"));
        get("/admin/v1/topics/{name}/partitions", name).then().body("$", hasSize(2));
        get("/admin/v1/topics/{name}/partitions/2", name)
                .then()
                .statusCode(404)
                .body("detail", containsString("has no partition 2, it has 2: 0 to 1"));
    }

    @Test
    void bodies_that_cannot_be_read() {
        assertRefused("{", "not the JSON that is asked for");
        assertRefused("", "no body");
        assertRefused("[]", "not the JSON that is asked for");
        assertRefused("{\"nam\": \"x\"}", "there is no field 'nam'");
        assertRefused("{\"name\": \"x\", \"partitions\": \"many\"}", "not the JSON");
        assertRefused("{\"partitions\": 1}", "name is not given");
        assertRefused("{\"name\": \"x\", \"settings\": {\"a\": []}}", "a was given as []");
    }

    private static void assertRefused(String body, String words) {
        given().contentType("application/json")
                .body(body)
                .post("/admin/v1/topics")
                .then()
                .statusCode(400)
                .contentType(Problem.MEDIA_TYPE)
                .body("status", equalTo(400))
                .body("instance", equalTo("/admin/v1/topics"))
                .body("detail", containsString(words));
    }

    @Test
    void what_http_itself_refuses_is_a_problem_too() {
        get("/admin/v1/nothing-here")
                .then()
                .statusCode(404)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo("about:blank"))
                .body("title", equalTo("Not Found"));
        given().put("/admin/v1/topics")
                .then()
                .statusCode(405)
                .contentType(Problem.MEDIA_TYPE)
                .body("title", equalTo("Method Not Allowed"));
        given().contentType("text/plain")
                .body("x")
                .post("/admin/v1/topics")
                .then()
                .statusCode(415)
                .contentType(Problem.MEDIA_TYPE);
    }

    private static ValidatableResponse patch(String name, String body) {
        return given().contentType("application/json")
                .body(body)
                .patch("/admin/v1/topics/{name}", name)
                .then();
    }
}
