package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.await;
import static io.ackgate.gateway.Calls.record;
import static io.ackgate.gateway.Calls.topic;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Callers who go leave the partition that they waited at. */
@QuarkusTest
class CancelledReadsTest extends ReadingFixture {
    private static final int ROUNDS = 20;
    private static final int AT_ONCE = 50;

    @Inject GatewayRuntime runtime;

    @Test
    void cancelled_long_polls_leave_their_places() {
        String topic = topic(1, Map.of());
        produce(topic, 0, List.of(record("a")));
        FetchRequest longPoll =
                FetchRequest.newBuilder()
                        .setTopic(topic)
                        .setOffset(1)
                        .setMaxWaitMs(300_000)
                        .build();
        int before = runtime.waitingReads();
        for (int round = 0; round < ROUNDS; round++) {
            List<Cancellable> polls = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                polls.add(consumers.fetch(longPoll).subscribe().with(fetched -> {}, lost -> {}));
            }
            await(() -> runtime.waitingReads() >= before + AT_ONCE);
            polls.forEach(Cancellable::cancel);
            await(() -> runtime.waitingReads() == before);
        }
        FetchResponse fetched = fetch(topic, 0);
        assertEquals(1, fetched.getRecordsCount());
    }

    @Test
    void a_cancelled_subscription_leaves_every_partition() {
        String topic = topic(20, Map.of());
        int before = runtime.waitingReads();
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST));
        await(() -> runtime.waitingReads() == before + 20);
        subscriber.cancel();
        await(() -> runtime.waitingReads() == before);
    }

    @Test
    void cancelled_calls_do_not_end_the_others_on_their_connection() {
        String topic = topic(1, Map.of());
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(
                        SubscribeRequest.newBuilder()
                                .setTopic(topic)
                                .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST));
        FetchRequest longPoll =
                FetchRequest.newBuilder().setTopic(topic).setMaxWaitMs(300_000).build();
        for (int i = 0; i < 8 * AT_ONCE; i++) {
            consumers.fetch(longPoll).subscribe().with(fetched -> {}, lost -> {}).cancel();
        }
        produce(topic, 0, List.of(record("after")));
        awaitValues(subscriber, List.of("after"));
        subscriber.cancel();
    }
}
