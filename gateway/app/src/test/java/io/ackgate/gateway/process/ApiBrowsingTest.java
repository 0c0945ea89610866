package io.ackgate.gateway.process;

import static io.restassured.RestAssured.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.FreshData;
import io.ackgate.gateway.Reflection;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A gateway that is told to show its API to nobody; those that do, on loopback: OnePortTest. */
@QuarkusTest
@WithTestResource(value = FreshData.class, scope = TestResourceScope.GLOBAL)
@TestProfile(ApiBrowsingTest.Off.class)
class ApiBrowsingTest {
    /** As on a machine that others reach. */
    public static class Off implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("ackgate.api-browsing", "off");
        }
    }

    @Test
    void neither_swagger_ui_nor_reflection_is_served() throws Exception {
        get("/q/swagger-ui").then().statusCode(404);
        get("/q/swagger-ui/").then().statusCode(404);
        assertEquals("UNIMPLEMENTED", Reflection.listServices());
        get("/q/health/live").then().statusCode(200);
    }
}
