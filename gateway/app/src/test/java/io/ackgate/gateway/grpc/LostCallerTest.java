package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;

import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Callers who are gone leave nothing behind. */
@QuarkusTest
class LostCallerTest {
    @Test
    void streams_end_when_their_connection_is_lost() throws Exception {
        String topic = topic(1, Map.of());
        double producing = open("ProduceStream");
        double subscribed = open("Subscribe");
        try (CutConnection connection = new CutConnection(RestAssured.port)) {
            ManagedChannel channel = channel(connection.port());
            AtomicInteger records = new AtomicInteger();
            subscribe(channel, topic, records);
            ProduceStreamCall stream = new ProduceStreamCall(channel);
            stream.send(
                    1,
                    ProduceRequest.newBuilder()
                            .setTopic(topic)
                            .setPartition(0)
                            .addRecords(record("v")));
            stream.answer();
            await(() -> records.get() == 1);
            await(() -> open("ProduceStream") == producing + 1);
            await(() -> open("Subscribe") == subscribed + 1);

            connection.cut();
            await(() -> open("ProduceStream") == producing);
            await(() -> open("Subscribe") == subscribed);
            channel.shutdownNow();
        }
    }

    @Test
    void streams_end_when_they_are_cancelled() throws Exception {
        String topic = topic(1, Map.of());
        double subscribed = open("Subscribe");
        ManagedChannel channel = channel(RestAssured.port);
        subscribe(channel, topic, new AtomicInteger());
        await(() -> open("Subscribe") == subscribed + 1);
        channel.shutdownNow();
        await(() -> open("Subscribe") == subscribed);
    }

    private static void subscribe(ManagedChannel channel, String topic, AtomicInteger records) {
        ConsumerServiceGrpc.newStub(channel)
                .subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST)
                                .build(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(SubscribeResponse response) {
                                records.addAndGet(response.getRecordsCount());
                            }

                            @Override
                            public void onError(Throwable lost) {}

                            @Override
                            public void onCompleted() {}
                        });
    }

    private static ManagedChannel channel(int port) {
        return ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    private static double open(String method) {
        String series = "ackgate_open_streams{method=\"" + method + "\"} ";
        return get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .findFirst()
                .orElse(0);
    }
}
