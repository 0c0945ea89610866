package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.consumer;
import static io.restassured.RestAssured.delete;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static io.restassured.RestAssured.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.Logged;
import io.ackgate.v1.DeleteGroupRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is written down of changes by the admin API. */
@QuarkusTest
class AuditLogTest {
    @GrpcClient("gateway")
    Channel channel;

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

    /** One request for each way to change something; a new way is to be added here. */
    @Test
    void every_kind_of_change_has_its_line() {
        patch("/admin/v1/topics/none", "{}");
        patch("/admin/v1/groups/none", "{}");
        delete("/admin/v1/groups/none");
        given().contentType("application/json")
                .body("{}")
                .post("/admin/v1/topics/none/partitions/0/leader");
        post("/admin/v1/nodes/99/stop");
        post("/admin/v1/nodes/99/start");
        await(() -> logged.records().size() >= 6);
        assertEquals(
                List.of(
                        "PATCH /admin/v1/topics/none",
                        "PATCH /admin/v1/groups/none",
                        "DELETE /admin/v1/groups/none",
                        "POST /admin/v1/topics/none/partitions/0/leader",
                        "POST /admin/v1/nodes/99/stop",
                        "POST /admin/v1/nodes/99/start"),
                logged.messages().stream().map(line -> line.replaceAll(" from .*", "")).toList());
        assertTrue(
                logged.messages().stream().allMatch(line -> line.contains(" from 127.0.0.1: 4")));
    }

    private static void patch(String path, String body) {
        given().contentType("application/json").body(body).patch(path);
    }

    /** A topic or a group may be called records, and a path be written with escapes. */
    @Test
    void no_name_and_no_spelling_keeps_a_change_from_its_line() {
        delete("/admin/v1/topics/records").then().statusCode(404);
        delete("/admin/v1/groups/records").then().statusCode(404);
        given().urlEncodingEnabled(false).delete("/%61dmin/v1/groups/none");
        given().urlEncodingEnabled(false).delete("//admin/v1/groups/none");
        await(() -> logged.records().size() >= 3);
        assertEquals(
                "DELETE /admin/v1/topics/records from 127.0.0.1: 404", logged.messages().get(0));
        assertEquals(
                "DELETE /admin/v1/groups/records from 127.0.0.1: 404", logged.messages().get(1));
        assertEquals(
                "DELETE /%61dmin/v1/groups/none from 127.0.0.1: 404", logged.messages().get(2));
    }

    @Test
    void a_group_that_is_deleted_over_grpc_has_a_line_too() {
        for (String group : List.of("none", "two\nlines")) {
            assertThrows(
                    StatusRuntimeException.class,
                    () ->
                            consumer(channel)
                                    .deleteGroup(
                                            DeleteGroupRequest.newBuilder()
                                                    .setGroup(group)
                                                    .build()));
        }
        await(() -> logged.records().size() >= 2);
        assertEquals(
                List.of(
                        "DeleteGroup none from 127.0.0.1: NOT_FOUND",
                        "DeleteGroup (no name) from 127.0.0.1: INVALID_ARGUMENT"),
                logged.messages());
    }
}
