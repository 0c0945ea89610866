package io.ackgate.gateway.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quarkus.test.junit.QuarkusTest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page of another site does nothing through the browser of an administrator. */
@QuarkusTest
class BrowserGuardTest {
    private final BrowserGuard guard = new BrowserGuard(Set.of("gateway.example"));

    private @Nullable String post(String authority, @Nullable String origin) {
        return guard.objection("POST", authority, origin, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8080",
                "127.0.0.1:8080",
                "10.1.2.3",
                "[::1]:8080",
                "[::1]",
                "ackgate-gateway:8080",
                "ackgate-gateway.prod.svc:8080",
                "ackgate-gateway.prod.svc.cluster.local",
                "Gateway.Example:443"
            })
    void its_own_names(String authority) {
        assertNull(post(authority, null));
        assertNull(post(authority, "http://" + authority));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example:8080", "evil.example", "127.0.0.1.evil.example", ""})
    void names_of_others(String authority) {
        assertNotNull(post(authority, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example",
                "http://localhost:3000",
                "http://localhost",
                "null",
                "",
                "localhost:8080",
                "http://localhost:8080.evil.example"
            })
    void pages_of_others(String origin) {
        assertNotNull(post("localhost:8080", origin));
    }

    @Test
    void a_browser_says_so_itself() {
        assertNotNull(guard.objection("POST", "localhost", null, "cross-site"));
        assertNull(guard.objection("POST", "localhost", null, "same-origin"));
        assertNull(guard.objection("GET", "localhost", null, "cross-site"));
    }

    @Test
    void a_form_of_another_page_stops_no_replica() {
        given().header("Origin", "https://evil.example")
                .contentType("text/plain")
                .body("x")
                .post("/admin/v1/nodes/1/stop")
                .then()
                .statusCode(403)
                .contentType(Problem.MEDIA_TYPE)
                .body("detail", containsString("https://evil.example"));
        given().header("Host", "evil.example:8080")
                .get("/admin/v1/topics")
                .then()
                .statusCode(403)
                .body("detail", containsString("ackgate.admin.hosts"));
        given().get("/admin/v1/topics").then().statusCode(200);
    }
}
