package io.ackgate.gateway.rest;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.ackgate.gateway.Calls;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The cluster through the admin API. */
@QuarkusTest
class ClusterResourceTest {
    @Test
    void the_cluster_at_a_glance() {
        Calls.topic(2, Map.of());
        get("/admin/v1/cluster")
                .then()
                .statusCode(200)
                .body("clusterId", matchesPattern("[0-9a-f-]{36}"))
                .body("mode", equalTo("standalone"))
                .body("nodes", hasSize(3))
                .body("gateways", hasSize(1))
                .body("topics", greaterThan(0))
                .body("partitions", greaterThan(1));
    }

    @Test
    void nodes_and_gateways() {
        get("/admin/v1/nodes")
                .then()
                .body("id", equalTo(List.of(1, 2, 3)))
                .body("connected", hasItem(true))
                .body("[0]", not(hasKey("address")));
        get("/admin/v1/nodes/2")
                .then()
                .statusCode(200)
                .body("id", equalTo(2))
                .body("registered", equalTo(true))
                .body("faultyReplicas", equalTo(0))
                .body("usableBytes.toLong()", greaterThan(0L))
                .body("dataDirectory", matchesPattern("[0-9a-f-]{36}"));
        get("/admin/v1/nodes/9")
                .then()
                .statusCode(404)
                .contentType(Problem.MEDIA_TYPE)
                .body("code", equalTo("BROKER_ID_NOT_REGISTERED"));
        get("/admin/v1/gateways")
                .then()
                .body("self", equalTo(List.of(true)))
                .body("address[0]", matchesPattern("127\\.0\\.0\\.1:[0-9]+"));
    }

    @Test
    void a_node_that_is_not_there_cannot_be_stopped() {
        given().post("/admin/v1/nodes/9/stop").then().statusCode(404);
        given().post("/admin/v1/nodes/9/start").then().statusCode(404);
    }
}
