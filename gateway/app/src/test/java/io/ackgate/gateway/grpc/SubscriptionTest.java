package io.ackgate.gateway.grpc;

import static io.ackgate.gateway.Calls.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.CompressedBatch;
import io.ackgate.gateway.consume.ConsumeMeter;
import io.ackgate.gateway.consume.GroupCommits;
import io.ackgate.gateway.consume.OffsetReset;
import io.ackgate.gateway.consume.PartitionReads;
import io.ackgate.gateway.consume.RecordFormat;
import io.ackgate.gateway.consume.SubscriptionPlan;
import io.ackgate.gateway.consume.Subscriptions;
import io.ackgate.gateway.consume.Unpacking;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput.Position;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.shutdown.Draining;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSettings;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.Compression;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.TopicId;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.StatusRuntimeException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A subscription to one partition, at a gateway that answers in turn what the test says. */
class SubscriptionTest {
    private static final TopicId ID = new TopicId(1, 2);
    private static final List<NodeId> NODES = List.of(new NodeId(1));
    private static final Topic TOPIC =
            new Topic("t", ID, 1, List.of(NODES), Map.of(), TopicSettings.resolve(1, Map.of()), 0);

    /** What was asked for, in order. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private final Queue<FetchOutcome> answers = new ArrayDeque<>();

    private final ReadMemory memory = new ReadMemory(1 << 20, System::nanoTime);

    /** Where compressed batches are taken apart. */
    private Executor unpacking = Runnable::run;

    private Cancellable answer(String question, Consumer<FetchOutcome> listener) {
        asked.add(question);
        FetchOutcome next = answers.poll();
        if (next != null) {
            listener.accept(next);
        }
        return () -> {};
    }

    @SuppressWarnings("unchecked") // Both methods end with the listener of a FetchOutcome.
    private GatewayRuntime gateway() {
        return proxy(
                GatewayRuntime.class,
                (name, args) -> {
                    Consumer<FetchOutcome> listener =
                            (Consumer<FetchOutcome>) args[args.length - 1];
                    return switch (name) {
                        case "fetch" -> answer("fetch " + args[1], listener);
                        case "position" -> answer(String.valueOf(args[1]), listener);
                        default -> throw new AssertionError(name);
                    };
                });
    }

    private interface Script {
        Object answer(String method, Object[] args);
    }

    private static <T> T proxy(Class<T> type, Script script) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, args) -> script.answer(method.getName(), args)));
    }

    private AssertSubscriber<SubscribeResponse> subscribe(OffsetReset autoOffsetReset) {
        FlowWindow window = window();
        return subscribe(
                start(plan(List.of(0), autoOffsetReset, 1_000), Runnable::run, window)
                        .invoke(window::messageSent));
    }

    private static FlowWindow window() {
        return new FlowWindow(10, 1_000, () -> {}, () -> true);
    }

    private static SubscriptionPlan plan(
            List<Integer> partitions, OffsetReset autoOffsetReset, int maxBytes) {
        return plan(new SubscriptionPlan.Start.Earliest(), partitions, autoOffsetReset, maxBytes);
    }

    private static SubscriptionPlan plan(
            SubscriptionPlan.Start start,
            List<Integer> partitions,
            OffsetReset autoOffsetReset,
            int maxBytes) {
        return new SubscriptionPlan(
                TOPIC,
                partitions,
                false,
                start,
                autoOffsetReset,
                RecordFormat.RECORDS,
                maxBytes,
                false,
                false);
    }

    private Multi<SubscribeResponse> start(
            SubscriptionPlan plan, Executor turns, FlowWindow window) {
        PartitionReads reads = new PartitionReads(gateway(), new Draining());
        CommittedOffsets committed =
                proxy(
                        CommittedOffsets.class,
                        (name, args) -> {
                            throw new AssertionError(name);
                        });
        ConsumeMeter meter = proxy(ConsumeMeter.class, (name, args) -> name);
        Subscriptions subscriptions =
                new Subscriptions(
                        proxy(Topics.class, (name, args) -> TOPIC),
                        reads,
                        new GroupCommits(reads, committed, meter),
                        new Unpacking() {
                            @Override
                            public void execute(Runnable work) {
                                unpacking.execute(work);
                            }
                        },
                        meter);
        ReadMemory.Reader reader = memory.reader(() -> {});
        return Multi.createFrom()
                .<SubscribeResponse>emitter(
                        out ->
                                SubscribeCall.start(
                                        plan, subscriptions, reader, turns, window, out));
    }

    private static AssertSubscriber<SubscribeResponse> subscribe(Multi<SubscribeResponse> stream) {
        return stream.subscribe().withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
    }

    /** A compressed batch as a log holds it. */
    private static ByteBuffer compressed(int records, int valueBytes) throws IOException {
        ByteString batch = CompressedBatch.ofZeros(Compression.GZIP, records, valueBytes);
        ByteBuffer frame = ByteBuffer.allocate(BatchFrame.FRAME_HEADER_BYTES + batch.size());
        batch.copyTo(frame.array(), BatchFrame.FRAME_HEADER_BYTES);
        BatchFrame.stampInPlace(frame, ID.high(), ID.low(), 0, 0, 5, 1_000);
        return frame;
    }

    private static FetchOutcome position(long offset) {
        return new FetchOutcome.Position(offset, -1, 5);
    }

    private static FetchOutcome fetched(long offset, String value, int epoch) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, 1 << 20);
        builder.append(1_000, null, value.getBytes(StandardCharsets.UTF_8));
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, ID.high(), ID.low(), 0, offset, epoch, 1_000);
        return new FetchOutcome.Fetched(frame, 0, offset + 1, epoch);
    }

    private static List<String> values(AssertSubscriber<SubscribeResponse> subscriber) {
        return ReadingFixture.values(subscriber.getItems());
    }

    @Test
    void what_an_owner_that_was_followed_says_is_ignored() {
        answers.add(position(0));
        answers.add(fetched(0, "a", 5));
        answers.add(fetched(1, "of an older epoch", 4));
        answers.add(new FetchOutcome.OutOfRange(9, 9, 4));
        answers.add(fetched(1, "b", 5));
        AssertSubscriber<SubscribeResponse> subscriber = subscribe(OffsetReset.NONE);
        await(() -> values(subscriber).size() >= 2);
        assertEquals(List.of("a", "b"), values(subscriber));
        subscriber.assertNotTerminated();
    }

    @Test
    void a_start_at_the_earliest_follows_the_log_start() {
        answers.add(position(0));
        answers.add(new FetchOutcome.OutOfRange(780, -1, 5));
        answers.add(fetched(780, "a", 5));
        AssertSubscriber<SubscribeResponse> subscriber = subscribe(OffsetReset.NONE);
        assertEquals(List.of("a"), values(subscriber));
        assertEquals(List.of("EARLIEST", "fetch 0", "fetch 780", "fetch 781"), asked);
    }

    @Test
    void who_goes_on_at_the_latest_asks_for_it_where_it_is_not_known_yet() {
        answers.add(position(0));
        answers.add(new FetchOutcome.OutOfRange(780, -1, 5));
        answers.add(position(900));
        answers.add(fetched(900, "a", 5));
        AssertSubscriber<SubscribeResponse> subscriber = subscribe(OffsetReset.LATEST);
        assertEquals(List.of("a"), values(subscriber));
        assertEquals(
                List.of("EARLIEST", "fetch 0", String.valueOf(Position.LATEST), "fetch 900"),
                asked.subList(0, 4));
    }

    @Test
    void a_batch_is_opened_once_and_each_answer_has_turns_of_its_own() throws Exception {
        Queue<Runnable> turns = new ArrayDeque<>();
        ByteBuffer frames = compressed(5, 2_000);
        answers.add(position(0));
        answers.add(new FetchOutcome.Fetched(frames, 0, 5, 5));
        FlowWindow window = window();
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(
                        start(plan(List.of(0), OffsetReset.NONE, 1), turns::add, window)
                                .invoke(window::messageSent));
        while (subscriber.getItems().isEmpty()) {
            turns.remove().run();
        }
        // If the batch were opened again, the reader would not find the header of gzip any more.
        frames.put(BatchFrame.batchPosition(0) + RecordBatch.RECORDS, (byte) 0);
        for (int answered = 1; answered < 5; answered++) {
            assertEquals(answered, subscriber.getItems().size());
            assertEquals(1, turns.size(), "the next answer waits for its turn");
            turns.remove().run();
            assertEquals(answered, subscriber.getItems().size(), "made, it waits for another");
            turns.remove().run();
        }
        subscriber.assertNotTerminated();
        assertEquals(5, values(subscriber).size());
    }

    @Test
    void one_answer_is_made_at_a_time_whichever_partitions_have_something() throws Exception {
        ByteBuffer frames = compressed(80, 2_000);
        for (int partition = 0; partition < 3; partition++) {
            answers.add(position(0));
            answers.add(new FetchOutcome.Fetched(frames, 0, 80, 5));
        }
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(
                        start(
                                plan(List.of(0, 1, 2), OffsetReset.NONE, 100_000),
                                Runnable::run,
                                window()));
        assertEquals(1, subscriber.getItems().size(), "the transport has not got it yet");
        assertEquals(100_000 - frames.remaining(), memory.bytes());
        subscriber.cancel();
        assertEquals(0, memory.bytes());
    }

    @Test
    void a_start_within_a_compressed_batch_is_not_sought_on_the_event_loop() throws Exception {
        Queue<Runnable> turns = new ArrayDeque<>();
        Queue<Runnable> unpacked = new ArrayDeque<>();
        unpacking = unpacked::add;
        ByteBuffer frames = compressed(5_000, 2_000);
        int head = BatchFrame.batchPosition(0) + RecordBatch.RECORDS;
        byte gzip = frames.get(head);
        answers.add(new FetchOutcome.Fetched(frames, 0, 5_000, 5));
        SubscriptionPlan plan =
                plan(new SubscriptionPlan.Start.AtOffset(4_999), List.of(0), OffsetReset.NONE, 1);
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(start(plan, turns::add, window()));
        // On the event loop the batch cannot be read: its first record would not be found.
        frames.put(head, (byte) 0);
        drain(turns);
        subscriber.assertNotTerminated();
        assertEquals(1, unpacked.size());
        frames.put(head, gzip);
        unpacked.remove().run();
        assertEquals(List.of(), subscriber.getItems(), "the event loop sends it");
        drain(turns);
        assertEquals(4_999, subscriber.getItems().getFirst().getRecords(0).getOffset());
        assertEquals(List.of(), List.copyOf(unpacked));
    }

    @Test
    void what_waits_to_be_taken_apart_for_nobody_counts_until_it_is_dropped() throws Exception {
        Queue<Runnable> turns = new ArrayDeque<>();
        Queue<Runnable> unpacked = new ArrayDeque<>();
        unpacking = unpacked::add;
        answers.add(position(0));
        ByteBuffer frames = compressed(80, 2_000);
        answers.add(new FetchOutcome.Fetched(frames, 0, 80, 5));
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(start(plan(List.of(0), OffsetReset.NONE, 1_000), turns::add, window()));
        drain(turns);
        subscriber.cancel();
        drain(turns);
        assertTrue(memory.bytes() > 0, "what is held does not count");
        // Whoever takes it apart now finds no batch.
        frames.putInt(4, Integer.MAX_VALUE);
        unpacked.remove().run();
        turns.remove().run();
        drain(turns);
        assertEquals(List.of(), subscriber.getItems());
        assertEquals(List.of("EARLIEST", "fetch 0"), asked);
        assertEquals(0, memory.bytes());
    }

    @Test
    void a_bug_that_shows_while_an_answer_is_made_elsewhere_ends_the_stream() throws Exception {
        Queue<Runnable> turns = new ArrayDeque<>();
        Queue<Runnable> unpacked = new ArrayDeque<>();
        unpacking = unpacked::add;
        ByteBuffer frames = compressed(80, 2_000);
        answers.add(position(0));
        answers.add(new FetchOutcome.Fetched(frames, 0, 80, 5));
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(start(plan(List.of(0), OffsetReset.NONE, 1_000), turns::add, window()));
        drain(turns);
        // The length of the frame.
        frames.putInt(4, Integer.MAX_VALUE);
        unpacked.remove().run();
        drain(turns);
        subscriber.assertFailedWith(StatusRuntimeException.class, "UNKNOWN_SERVER_ERROR");
        assertEquals(0, memory.bytes());
    }

    /** As an event loop does it, which logs what fails and goes on. */
    private static void drain(Queue<Runnable> turns) {
        for (Runnable turn = turns.poll(); turn != null; turn = turns.poll()) {
            try {
                turn.run();
            } catch (RuntimeException | AssertionError logged) {
                // The stream has to tell its caller.
            }
        }
    }

    private void assertEndsAfter(FetchOutcome outcome) {
        Queue<Runnable> turns = new ArrayDeque<>();
        answers.add(position(0));
        answers.add(outcome);
        SubscriptionPlan plan = plan(List.of(0), OffsetReset.NONE, 1_000);
        AssertSubscriber<SubscribeResponse> subscriber =
                subscribe(start(plan, turns::add, window()));
        drain(turns);
        subscriber.assertFailedWith(StatusRuntimeException.class, "UNKNOWN_SERVER_ERROR");
        assertEquals(0, memory.bytes());
    }

    @Test
    void a_stream_whose_answer_cannot_be_made_ends() {
        assertEndsAfter(new FetchOutcome.Fetched(ByteBuffer.wrap(new byte[10]), 0, 1, 5));
    }

    @Test
    void a_stream_that_fails_on_what_it_got_ends() {
        assertEndsAfter(position(0));
    }

    @Test
    void a_log_that_does_not_begin_where_it_says_is_asked_again_after_a_pause() {
        answers.add(position(7));
        for (int i = 0; i < 3; i++) {
            answers.add(new FetchOutcome.OutOfRange(7, 9, 5));
        }
        AssertSubscriber<SubscribeResponse> subscriber = subscribe(OffsetReset.NONE);
        assertEquals(List.of("EARLIEST", "fetch 7"), asked);
        await(() -> asked.size() >= 5);
        subscriber.assertNotTerminated();
        subscriber.cancel();
    }
}
