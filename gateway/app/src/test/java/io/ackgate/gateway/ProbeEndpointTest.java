package io.ackgate.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.v1.ProbeRequest;
import io.ackgate.v1.ProbeService;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ProbeEndpointTest {
    @GrpcClient("probe")
    ProbeService probe;

    @Test
    void answers_what_was_asked() {
        var answer =
                probe.probe(ProbeRequest.newBuilder().setText("hello").build())
                        .await()
                        .atMost(Duration.ofSeconds(5));
        assertEquals("hello", answer.getText());
    }

    @Test
    void is_healthy_on_the_same_port() {
        RestAssured.get("/q/health").then().statusCode(200);
    }
}
