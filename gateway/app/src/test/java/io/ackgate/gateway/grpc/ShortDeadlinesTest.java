package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.producer;
import static io.ackgate.gateway.Calls.readValues;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerSequence;
import io.ackgate.v1.ProducerServiceGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Callers who hardly wait, and ask again. */
@QuarkusTest
class ShortDeadlinesTest {
    private static final int WRITES = 1_000;
    private static final int IMPATIENT_ATTEMPTS = 3;

    @GrpcClient("gateway")
    Channel channel;

    @Test
    void a_thousand_writes_that_are_sent_again_until_they_are_answered_are_there_once() {
        String topic = topic(1, Map.of());
        InitProducerResponse session =
                producer(channel).initProducer(InitProducerRequest.getDefaultInstance());
        int unanswered = 0;
        for (int i = 0; i < WRITES; i++) {
            ProduceRequest request =
                    ProduceRequest.newBuilder()
                            .setTopic(topic)
                            .setPartition(0)
                            .setProducer(
                                    ProducerSequence.newBuilder()
                                            .setProducerId(session.getProducerId())
                                            .setProducerEpoch(session.getProducerEpoch())
                                            .setBaseSequence(i))
                            .addRecords(record(Integer.toString(i)))
                            .build();
            int attempts = 0;
            while (attempts < IMPATIENT_ATTEMPTS && !isAnswered(request)) {
                attempts++;
                unanswered++;
            }
            assertEquals(i, producer(channel).produce(request).getReceipts(0).getBaseOffset());
        }
        List<String> values = IntStream.range(0, WRITES).mapToObj(Integer::toString).toList();
        assertEquals(values, readValues(channel, topic), unanswered + " had no answer");
    }

    private boolean isAnswered(ProduceRequest request) {
        try {
            ProducerServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(1, TimeUnit.MILLISECONDS)
                    .produce(request);
            return true;
        } catch (StatusRuntimeException late) {
            assertEquals(Status.Code.DEADLINE_EXCEEDED, late.getStatus().getCode());
            return false;
        }
    }

    @Test
    void a_long_poll_is_answered_before_its_caller_goes() {
        String topic = topic(1, Map.of());
        assertTrue(
                ConsumerServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(10, TimeUnit.SECONDS)
                        .fetch(
                                FetchRequest.newBuilder()
                                        .setTopic(topic)
                                        .setMaxWaitMs(300_000)
                                        .build())
                        .getRecordsList()
                        .isEmpty());
    }
}
