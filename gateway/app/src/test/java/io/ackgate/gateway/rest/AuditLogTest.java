package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.await;
import static io.restassured.RestAssured.delete;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.Logged;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is written down of changes by the admin API. */
@QuarkusTest
class AuditLogTest {
    @RegisterExtension final Logged logged = new Logged("io.ackgate.audit");

    @Test
    void each_change_has_a_line_and_nothing_else_has() {
        given().contentType("application/json")
                .body("{\"name\": \"audited\"}")
                .post("/admin/v1/topics")
                .then()
                .statusCode(201);
        given().contentType("application/json")
                .body("{\"value\": 1}")
                .post("/admin/v1/topics/audited/records")
                .then()
                .statusCode(200);
        get("/admin/v1/topics/audited").then().statusCode(200);
        delete("/admin/v1/topics/audited").then().statusCode(204);
        given().urlEncodingEnabled(false)
                .delete("/admin/v1/topics/audited%0aDELETE%20all")
                .then()
                .statusCode(404);
        await(() -> logged.records().size() >= 3);
        assertEquals(
                List.of(
                        "POST /admin/v1/topics from 127.0.0.1: 201",
                        "DELETE /admin/v1/topics/audited from 127.0.0.1: 204",
                        "DELETE /admin/v1/topics/audited%0aDELETE%20all from 127.0.0.1: 404"),
                logged.messages());
    }
}
