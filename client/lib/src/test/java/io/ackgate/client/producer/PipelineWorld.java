package io.ackgate.client.producer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.Acks;
import io.ackgate.client.CompressionType;
import io.ackgate.client.DeliveryCallback;
import io.ackgate.client.DeliveryException;
import io.ackgate.client.RecordMetadata;
import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.Backoff;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.record.RecordBatch;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.record.RecordHeaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One pipeline, one model log, and a network between them that breaks, loses answers and brings
 * what it had swallowed long afterwards. Everything follows from one seed; the story is kept.
 */
final class PipelineWorld {
    private static final int MAX_IN_FLIGHT = 5;
    private static final long MILLI = 1_000_000L;
    private static final long DELIVERY_TIMEOUT_NANOS = 2_000 * MILLI;
    private static final int MOST_BYTES_OF_A_VALUE = 60;
    private static final int MOST_BYTES_OF_A_BATCH = 200;

    private record Request(ProducerBatch batch, int label, ByteBuffer bytes) {}

    private record Reply(ProducerBatch batch, int label, ModelLog.Answer answer) {}

    /** How a record ended, as its caller was told. */
    enum Ending {
        ACKNOWLEDGED,
        NOT_WRITTEN,
        MAY_HAVE_BEEN_WRITTEN
    }

    private record End(long offset, Ending ending) {}

    /** What tells a record, in whatever batch it goes. */
    private record Label(int number) implements DeliveryCallback {
        @Override
        public void onDelivery(
                @Nullable RecordMetadata metadata, @Nullable DeliveryException error) {
            throw new AssertionError("the pipeline tells batches");
        }
    }

    private final SplittableRandom random;
    private final ModelLog log = new ModelLog();
    private final PartitionPipeline pipeline;
    private final ArrayDeque<ProducerBatch> queue = new ArrayDeque<>();
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    private final ArrayDeque<Reply> replies = new ArrayDeque<>();

    /** What broken streams had taken: it may still arrive, in its order, at any time. */
    private final List<ArrayDeque<Request>> late = new ArrayList<>();

    /** Of records: each has its label, counted in the order in which they were created. */
    private final Set<Integer> refused = new HashSet<>();

    private final Map<Integer, End> ends = new HashMap<>();

    /** How many records a batch had that was too large, by the label of its first. */
    private final Map<Integer, Integer> tooLarge = new HashMap<>();

    private int records;
    final StringBuilder story = new StringBuilder();
    private long now;
    private long nextProducerId = 100;
    int identitiesGiven;
    int splits;

    PipelineWorld(long seed) {
        random = new SplittableRandom(seed);
        pipeline =
                new PartitionPipeline(
                        new PipelineSettings(
                                Acks.ALL,
                                true,
                                MAX_IN_FLIGHT,
                                Integer.MAX_VALUE,
                                DELIVERY_TIMEOUT_NANOS),
                        new Backoff(Duration.ofMillis(10), Duration.ofMillis(100), random),
                        new Ends());
    }

    private final class Ends implements BatchCallbacks {
        @Override
        public void acknowledged(ProducerBatch batch, Receipt receipt) {
            end(batch, receipt.baseOffset(), Ending.ACKNOWLEDGED);
        }

        @Override
        public void failed(ProducerBatch batch, GatewayError why, WriteStatus writeStatus) {
            end(batch, -1, Ending.valueOf(writeStatus.name()));
        }

        private void end(ProducerBatch batch, long baseOffset, Ending ending) {
            tell(name(batch) + " end: " + ending + " at " + baseOffset);
            for (int i = 0; i < batch.recordCount(); i++) {
                long offset = baseOffset < 0 ? -1 : baseOffset + i;
                assertNull(
                        ends.put(label(batch, i), new End(offset, ending)),
                        () -> name(batch) + " ended twice");
            }
        }
    }

    /** So many random steps, then no more faults until everything has ended; then the verdict. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
        }
        heal();
        check();
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 22) {
            create();
        } else if (dice < 45) {
            drive();
        } else if (dice < 65) {
            arrive();
        } else if (dice < 82) {
            answer();
        } else if (dice < 90) {
            now += random.nextLong(60 * MILLI);
        } else if (dice < 93) {
            breakStream();
        } else if (dice < 95) {
            arriveLate();
        } else if (dice < 97) {
            log.lacksReplicas = random.nextBoolean();
            tell("the log lacks replicas: " + log.lacksReplicas);
        } else if (dice < 98 && random.nextInt(3) == 0) {
            log.mostBytes = RecordBatch.HEADER_BYTES + random.nextInt(MOST_BYTES_OF_A_BATCH);
            tell("batches of the log have " + log.mostBytes + " bytes at most");
        } else if (dice < 98) {
            log.losesReplicasAfterAppend = random.nextBoolean();
            tell("replicas are lost after appends: " + log.losesReplicasAfterAppend);
        } else if (dice < 99) {
            now += random.nextLong(DELIVERY_TIMEOUT_NANOS);
        } else {
            giveIdentity();
        }
    }

    private static int label(ProducerBatch batch, int index) {
        return ((Label) Objects.requireNonNull(batch.callback(index))).number;
    }

    private static String name(ProducerBatch batch) {
        return "records %d to %d".formatted(label(batch, 0), label(batch, batch.recordCount() - 1));
    }

    private void create() {
        ProducerBatch batch =
                new ProducerBatch(
                        new TopicPartition("t", 0),
                        new RecordBatchBuilder(64, 1024),
                        CompressionType.NONE,
                        now);
        int count = random.nextInt(1, 4);
        if (random.nextInt(30) == 0) {
            refused.add(records);
        }
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[random.nextInt(MOST_BYTES_OF_A_VALUE)];
            assertTrue(batch.append(0, null, value, RecordHeaders.NONE, new Label(records++), 0));
        }
        queue.add(batch);
    }

    private void drive() {
        pipeline.expire(now);
        if (pipeline.wantsIdentity() && random.nextBoolean()) {
            giveIdentity();
        }
        while (true) {
            ProducerBatch batch = pipeline.next(now, _ -> queue.poll());
            if (batch == null) {
                return;
            }
            int label = label(batch, 0);
            tell("send " + name(batch) + ", sequence " + batch.baseSequence);
            assertFalse(ends.containsKey(label), () -> name(batch) + " were sent after their end");
            assertTrue(
                    batch.recordCount() < tooLarge.getOrDefault(label, Integer.MAX_VALUE),
                    () -> name(batch) + " are too large, and were sent again together");
            requests.add(new Request(batch, label, batch.bytes()));
            assertTrue(requests.size() + replies.size() <= MAX_IN_FLIGHT, "too many in flight");
        }
    }

    private void giveIdentity() {
        if (pipeline.wantsIdentity()) {
            identitiesGiven++;
            pipeline.give(new ProducerIdentity(nextProducerId++, (short) 0));
        }
    }

    private void arrive() {
        Request request = requests.poll();
        if (request != null) {
            replies.add(new Reply(request.batch, request.label, append(request)));
        }
    }

    private ModelLog.Answer append(Request request) {
        ModelLog.Answer answer =
                log.append(request.bytes, request.label, refused.contains(request.label));
        tell(name(request.batch) + " arrive: " + answer);
        return answer;
    }

    private void answer() {
        Reply reply = replies.poll();
        if (reply == null) {
            return;
        }
        if (reply.answer.receipt() != null) {
            pipeline.acknowledged(reply.batch, reply.answer.receipt());
        } else {
            GatewayError error = Objects.requireNonNull(reply.answer.error());
            if (error.saysTooLarge() && reply.batch.recordCount() > 1) {
                splits++;
                tooLarge.put(reply.label, reply.batch.recordCount());
            }
            pipeline.failed(reply.batch, error, now);
        }
    }

    private void breakStream() {
        tell("the stream breaks");
        List<ProducerBatch> unknown = new ArrayList<>();
        replies.forEach(reply -> unknown.add(reply.batch));
        requests.forEach(request -> unknown.add(request.batch));
        if (random.nextBoolean()) {
            late.add(new ArrayDeque<>(requests));
        }
        requests.clear();
        replies.clear();
        unknown.forEach(
                batch -> pipeline.failed(batch, GatewayError.brokenConnection("model"), now));
    }

    private void arriveLate() {
        if (!late.isEmpty()) {
            ArrayDeque<Request> stream = late.get(random.nextInt(late.size()));
            Request request = stream.poll();
            if (request != null) {
                tell("late:");
                append(request);
            }
        }
    }

    private void heal() {
        tell("no more faults");
        log.lacksReplicas = false;
        log.losesReplicasAfterAppend = false;
        log.mostBytes = Integer.MAX_VALUE;
        for (int rounds = 0; ends.size() < records; rounds++) {
            assertTrue(rounds < 10_000, "records never end");
            drive();
            giveIdentity();
            arrive();
            answer();
            now += 5 * MILLI;
        }
        // What was answered "not written" must stay so whatever still arrives.
        late.forEach(stream -> stream.forEach(this::append));
    }

    private void check() {
        Map<Integer, Long> offsets = new HashMap<>();
        for (int offset = 0; offset < log.labels.size(); offset++) {
            int label = log.labels.get(offset);
            assertNull(
                    offsets.put(label, (long) offset),
                    "record " + label + " stands in the log twice");
        }
        long last = -1;
        for (int label = 0; label < records; label++) {
            End end = Objects.requireNonNull(ends.get(label));
            Long offset = offsets.get(label);
            switch (end.ending) {
                case ACKNOWLEDGED -> {
                    assertNotNull(offset, "record " + label + " is acknowledged and missing");
                    if (end.offset >= 0) {
                        assertEquals(offset, end.offset, "offset of " + label);
                    }
                    assertTrue(offset > last, "record " + label + " stands before an earlier one");
                    last = offset;
                }
                case NOT_WRITTEN ->
                        assertNull(offset, "record " + label + " was told not to be written");
                case MAY_HAVE_BEEN_WRITTEN -> {}
            }
        }
    }

    private void tell(String what) {
        story.append("%6d ms  ".formatted(now / MILLI)).append(what).append('\n');
    }

    /** How many records ended so. */
    long ended(Ending ending) {
        return ends.values().stream().filter(end -> end.ending == ending).count();
    }
}
