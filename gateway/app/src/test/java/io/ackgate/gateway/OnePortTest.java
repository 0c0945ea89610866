package io.ackgate.gateway;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What operators and tools look for beside the API is on the API's own port. */
@QuarkusTest
@WithTestResource(value = FreshData.class, scope = TestResourceScope.GLOBAL)
class OnePortTest {
    @Test
    void health() {
        get("/q/health/live").then().statusCode(200).body(containsString("UP"));
    }

    @Test
    void metrics() {
        get("/q/metrics").then().statusCode(200).body(containsString("jvm_memory_used_bytes"));
    }

    @Test
    void openapi_and_its_page() {
        get("/q/openapi").then().statusCode(200).body(containsString("openapi: 3"));
        get("/q/swagger-ui").then().statusCode(200);
    }

    /** On loopback: {@link io.ackgate.gateway.process.ApiBrowsingTest} has it off. */
    @Test
    void reflection() throws Exception {
        String services = Reflection.listServices();
        assertTrue(services.contains("ackgate.v1.ProducerService"), services);
    }
}
