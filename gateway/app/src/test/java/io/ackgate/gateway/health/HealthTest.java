package io.ackgate.gateway.health;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import org.junit.jupiter.api.Test;

@QuarkusTest
class HealthTest {
    @Test
    void is_healthy_on_the_one_port() {
        RestAssured.get("/q/health").then().statusCode(200);
    }
}
