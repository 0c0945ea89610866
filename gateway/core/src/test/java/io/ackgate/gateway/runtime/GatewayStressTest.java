package io.ackgate.gateway.runtime;

import static io.ackgate.gateway.runtime.GatewayFixture.SECOND;
import static io.ackgate.gateway.runtime.GatewayFixture.await;
import static io.ackgate.gateway.runtime.GatewayFixture.batch;
import static io.ackgate.gateway.runtime.GatewayFixture.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.storage.api.PartitionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many callers, many partitions, nodes that come and go: every request is answered once, what was
 * acknowledged is there at its offset, what was refused is not, and nothing is there twice.
 */
@Timeout(300)
@Tag("slow")
class GatewayStressTest {
    private static final int PARTITIONS = 100;
    private static final int CALLERS = 4;
    private static final int EACH = 10_000;
    private static final int IN_FLIGHT = 500;
    private static final List<Acks> LEVELS = List.of(Acks.NONE, Acks.LEADER, Acks.ALL);

    /** A request and what became of it. */
    private static final class Sent {
        final PartitionId partition;
        final String value;
        final Acks acks;
        final AtomicInteger answers = new AtomicInteger();
        volatile ProduceOutcome outcome = new ProduceOutcome.Accepted();

        Sent(PartitionId partition, String value, Acks acks) {
            this.partition = partition;
            this.value = value;
            this.acks = acks;
        }
    }

    @Test
    void every_request_is_answered_once_and_truly() throws Exception {
        // Real threads: the seed repeats who does what, and not in which order it happens.
        long seed = 20_261_128;
        List<Sent> all = Collections.synchronizedList(new ArrayList<>());
        try (GatewayFixture at = new GatewayFixture()) {
            Topic topic = at.serving(TopicSpec.named("t").withPartitions(PARTITIONS));
            AtomicBoolean over = new AtomicBoolean();
            Thread disturbance = Thread.ofPlatform().start(() -> disturb(at, over, seed));
            Thread rival = Thread.ofPlatform().start(() -> claim(at, topic, over, seed));
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                int number = caller;
                callers.add(Thread.ofPlatform().start(() -> call(at, topic, number, seed, all)));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            over.set(true);
            disturbance.join();
            rival.join();
            eventually(
                    "every request is answered, seed " + seed,
                    () -> all.stream().allMatch(sent -> sent.answers.get() > 0));
            for (int index = 0; index < PARTITIONS; index++) {
                at.awaitServing(topic.partition(index));
                at.awaitInSync(topic.partition(index), 3);
            }
            eventually("no bytes are held", () -> at.gateway.inFlightBytes() == 0);
            eventually("no request waits", () -> at.gateway.pendingRequests() == 0);
            Map<PartitionId, List<String>> logs = new HashMap<>();
            for (int index = 0; index < PARTITIONS; index++) {
                logs.put(topic.partition(index), read(at, topic.partition(index)));
            }
            assertEquals(CALLERS * EACH, all.size());
            int written = 0;
            for (Sent sent : all) {
                written += check(sent, Objects.requireNonNull(logs.get(sent.partition)), seed);
            }
            assertTrue(written > EACH, "written: " + written + ", seed " + seed);
        }
    }

    private static void call(
            GatewayFixture at, Topic topic, int caller, long seed, List<Sent> all) {
        SplittableRandom random = new SplittableRandom(seed + caller);
        Semaphore inFlight = new Semaphore(IN_FLIGHT);
        for (int i = 0; i < EACH; i++) {
            Sent sent =
                    new Sent(
                            topic.partition(random.nextInt(PARTITIONS)),
                            caller + "/" + i,
                            LEVELS.get(random.nextInt(3)));
            all.add(sent);
            inFlight.acquireUninterruptibly();
            at.gateway.produce(
                    sent.partition,
                    batch(sent.value),
                    sent.acks,
                    5 * SECOND,
                    outcome -> {
                        sent.outcome = outcome;
                        sent.answers.incrementAndGet();
                        inFlight.release();
                    });
        }
    }

    /** Nodes hang, or go and come back, for shorter and longer than what the ISR puts up with. */
    private static void disturb(GatewayFixture at, AtomicBoolean over, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        while (!over.get()) {
            ModelStorage.Node node = at.storage.node(1 + random.nextInt(3));
            if (random.nextBoolean()) {
                node.pause();
                pause(random, 60);
                node.resume();
            } else {
                node.down();
                pause(random, 100);
                node.up();
            }
            pause(random, 20);
        }
    }

    /** Another gateway takes partitions away; it goes no further than the claim. */
    private static void claim(GatewayFixture at, Topic topic, AtomicBoolean over, long seed) {
        SplittableRandom random = new SplittableRandom(seed + 99);
        while (!over.get()) {
            String key =
                    MetadataKeys.partition(topic.partition(random.nextInt(topic.partitions())));
            var current = await(at.metadata.get(key));
            PartitionState state = PartitionStateCodec.decode(current.value());
            PartitionState claimed =
                    state.claimedBy(new GatewaySession(4711), state.leaderEpoch() + 1);
            await(
                    at.metadata.compareAndSet(
                            key, current.version(), PartitionStateCodec.encode(claimed)));
            pause(random, 10);
        }
    }

    private static void pause(SplittableRandom random, int maxMillis) {
        LockSupport.parkNanos(random.nextInt(1, maxMillis) * 1_000_000L);
    }

    /** The values of a partition, each at the index of its offset. */
    private static List<String> read(GatewayFixture at, PartitionId partition) throws Exception {
        long end = at.status(partition).highWatermark();
        List<String> values = new ArrayList<>();
        RecordBatchReader reader = new RecordBatchReader(1 << 20);
        while (values.size() < end) {
            FetchOutcome.Fetched fetched =
                    assertInstanceOf(
                            FetchOutcome.Fetched.class, at.fetch(partition, values.size(), SECOND));
            ByteBuffer frames = fetched.frames();
            while (frames.hasRemaining()) {
                int position = frames.position();
                int length = BatchFrame.frameLength(frames, position);
                int batch = BatchFrame.batchPosition(position);
                reader.reset(frames.slice(batch, length - BatchFrame.FRAME_HEADER_BYTES));
                while (reader.next()) {
                    assertEquals(values.size(), reader.offset());
                    ByteBuffer value = Objects.requireNonNull(reader.value());
                    values.add(StandardCharsets.UTF_8.decode(value).toString());
                }
                frames.position(position + length);
            }
        }
        return values;
    }

    /** 1 if it was acknowledged as written. */
    private static int check(Sent sent, List<String> log, long seed) {
        String what = "%s of %s, seed %d".formatted(sent.value, sent.partition, seed);
        assertEquals(1, sent.answers.get(), what);
        long times = log.stream().filter(sent.value::equals).count();
        assertTrue(times <= 1, what + " is there " + times + " times");
        switch (sent.outcome) {
            case ProduceOutcome.Written written -> {
                if (sent.acks == Acks.ALL) {
                    assertEquals(sent.value, log.get((int) written.baseOffset()), what);
                }
                return 1;
            }
            case ProduceOutcome.Failed failed -> {
                if (failed.writeStatus() == WriteStatus.NOT_WRITTEN) {
                    assertEquals(0, times, what + " was refused: " + failed);
                }
                return 0;
            }
            case ProduceOutcome.Accepted accepted -> {
                assertEquals(Acks.NONE, sent.acks, what);
                return 0;
            }
        }
    }

    @Test
    void partitions_are_taken_over_by_the_thousand() throws Exception {
        try (GatewayFixture at = new GatewayFixture()) {
            long begin = System.nanoTime();
            Topic topic = at.serving(TopicSpec.named("t").withPartitions(1_000));
            long took = (System.nanoTime() - begin) / 1_000_000;
            assertEquals(1_000, await(at.gateway.statuses()).size());
            for (int index = 0; index < 1_000; index += 37) {
                assertEquals(0, at.written(topic.partition(index), Acks.ALL, "first").baseOffset());
            }
            System.getLogger("test")
                    .log(System.Logger.Level.INFO, "1,000 partitions in {0} ms", took);
        }
    }
}
