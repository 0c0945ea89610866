package io.ackgate.gateway.health;

import static io.ackgate.gateway.Calls.await;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP and gRPC say the same of this process, and what they say follows. */
@QuarkusTest
class HealthTest {
    @GrpcClient("gateway")
    Channel channel;

    @AfterEach
    void bring_all_back() {
        for (int node = 1; node <= 3; node++) {
            given().post("/admin/v1/nodes/{id}/start", node).then().statusCode(200);
        }
        await(() -> get("/q/health/ready").statusCode() == 200);
    }

    private ServingStatus check(String service) {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }

    @Test
    void without_any_storage_node_it_takes_no_traffic_until_one_is_back() {
        await(() -> get("/q/health/ready").statusCode() == 200);
        await(() -> check("") == ServingStatus.SERVING);
        List<ServingStatus> watched = new CopyOnWriteArrayList<>();
        HealthGrpc.newStub(channel)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .watch(
                        HealthCheckRequest.newBuilder()
                                .setService("ackgate.v1.ProducerService")
                                .build(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(HealthCheckResponse answer) {
                                watched.add(answer.getStatus());
                            }

                            @Override
                            public void onError(Throwable end) {}

                            @Override
                            public void onCompleted() {}
                        });
        await(() -> watched.contains(ServingStatus.SERVING));
        for (int node = 1; node <= 2; node++) {
            given().post("/admin/v1/nodes/{id}/stop", node).then().statusCode(200);
        }
        get("/q/health/ready").then().statusCode(200);
        given().post("/admin/v1/nodes/{id}/stop", 3).then().statusCode(200);
        await(() -> get("/q/health/ready").statusCode() == 503);
        await(() -> check("") == ServingStatus.NOT_SERVING);
        await(() -> check("ackgate.v1.ConsumerService") == ServingStatus.NOT_SERVING);
        await(() -> watched.getLast() == ServingStatus.NOT_SERVING);
        get("/q/health/live").then().statusCode(200);
        given().post("/admin/v1/nodes/{id}/start", 1).then().statusCode(200);
        await(() -> get("/q/health/ready").statusCode() == 200);
        await(() -> check("") == ServingStatus.SERVING);
        await(() -> watched.getLast() == ServingStatus.SERVING);
    }

    @Test
    void a_service_that_is_not_there_is_not_found() {
        StatusRuntimeException unknown =
                assertThrows(StatusRuntimeException.class, () -> check("no.such.Service"));
        assertEquals(Status.Code.NOT_FOUND, unknown.getStatus().getCode());
    }
}
