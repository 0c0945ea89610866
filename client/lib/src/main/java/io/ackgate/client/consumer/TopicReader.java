package io.ackgate.client.consumer;

import io.ackgate.client.ConsumedRecord;
import io.ackgate.client.RecordHeader;
import io.ackgate.client.RecordStream;
import io.ackgate.client.RequestException;
import io.ackgate.client.SkippedRecords;
import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.Backoff;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.client.wire.Gateways;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.Header;
import io.ackgate.v1.SkippedBatch;
import io.ackgate.v1.SubscribeResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the partitions of a topic through one stream each. Holds at most one answer per partition;
 * the next is asked for when that one was taken.
 */
public final class TopicReader implements RecordStream {
    /** A reader that waits looks after its streams so often. */
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final Gateways gateways;
    private final String topic;
    private final int maxBytes;
    private final boolean stopsAtEnd;
    private final @Nullable Consumer<SkippedRecords> skipped;

    private final StreamSpread spread = new StreamSpread();

    private final Backoff backoff =
            new Backoff(Duration.ofMillis(50), Duration.ofMillis(1_600), new Random());

    private volatile List<PartitionReading> readings = List.of();
    private final TopicWatch watch;

    /** Bounded by itself: one answer per partition, the end of its stream, and one look. */
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    private final UnprovenAnswers unproven = new UnprovenAnswers();

    /** Taken before what arrives. */
    private final Queue<Arrival> proven = new ArrayDeque<>();

    private final PriorityQueue<Reopening> reopenings =
            new PriorityQueue<>(Comparator.comparingLong(Reopening::atNanos));
    private volatile boolean closed;

    private Arrival.@Nullable Chunk chunk;
    private int nextInChunk;

    private record Reopening(long atNanos, PartitionReading reading) {}

    /**
     * Starts reading.
     *
     * @param starts where to start, by partition
     * @param ends where to stop; partitions that are missing never do
     * @param maxBytes about how much one answer holds
     * @param skipped called with what cannot be read and was stepped over; null to end there
     */
    public TopicReader(
            Gateways gateways,
            String topic,
            String topicId,
            Map<Integer, Long> starts,
            Map<Integer, Long> ends,
            int maxBytes,
            TopicLookup lookup,
            @Nullable Consumer<SkippedRecords> skipped) {
        this.skipped = skipped;
        this.gateways = gateways;
        this.topic = topic;
        this.maxBytes = maxBytes;
        this.stopsAtEnd = !ends.isEmpty();
        this.watch = new TopicWatch(lookup, topicId, arrivals::add);
        read(starts, ends);
    }

    private void read(Map<Integer, Long> starts, Map<Integer, Long> ends) {
        List<PartitionReading> fresh = new ArrayList<>();
        starts.forEach(
                (partition, start) ->
                        fresh.add(
                                new PartitionReading(
                                        topic,
                                        partition,
                                        start,
                                        ends.getOrDefault(partition, Long.MAX_VALUE),
                                        maxBytes,
                                        skipped != null,
                                        spread.connectionOf(fresh.size()),
                                        gateways,
                                        arrivals::add)));
        readings = List.copyOf(fresh);
        readings.stream().filter(reading -> !reading.isOver()).forEach(PartitionReading::open);
    }

    @Override
    public @Nullable ConsumedRecord next(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            ConsumedRecord record = fromChunk();
            if (record != null || isOver()) {
                return record;
            }
            Arrival arrival = await(deadline);
            if (arrival != null) {
                take(arrival);
            } else if (System.nanoTime() >= deadline) {
                return null;
            }
        }
    }

    private @Nullable ConsumedRecord fromChunk() {
        while (chunk != null) {
            PartitionReading reading = chunk.reading();
            SubscribeResponse answer = chunk.answer();
            while (nextInChunk < answer.getRecordsCount() && !reading.isOver()) {
                ConsumerRecord record = answer.getRecords(nextInChunk++);
                if (record.getOffset() >= reading.nextOffset()) {
                    reading.took(record.getOffset());
                    return consumed(reading.partition(), record);
                }
            }
            chunk = null;
            reading.wantsMore(answer.getNextOffset());
        }
        return null;
    }

    private @Nullable Arrival await(long deadline) {
        long now = System.nanoTime();
        while (!reopenings.isEmpty() && reopenings.peek().atNanos - now <= 0) {
            PartitionReading reading = reopenings.remove().reading;
            reading.open();
            if (closed) {
                reading.close();
            }
        }
        spread.relieve(readings, now);
        if (closed) {
            readings.forEach(PartitionReading::close);
        }
        if (watch.isDue(now) || (unproven.wantLook() && !watch.isLooking())) {
            unproven.lookBegins();
            watch.look();
        }
        Arrival next = proven.poll();
        if (next != null) {
            return next;
        }
        long until =
                reopenings.isEmpty() ? deadline : Math.min(deadline, reopenings.peek().atNanos);
        until = Math.min(Math.min(until, watch.dueAtNanos()), now + LOOK_NANOS);
        try {
            return arrivals.poll(Math.max(0, until - now), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            return null;
        }
    }

    private void take(Arrival arrival) {
        switch (arrival) {
            case Arrival.OfStream left when !left.isCurrent() -> {
                // Of a stream that is over.
            }
            case Arrival.Chunk next when !next.reading().believes(next.answer()) -> {
                watch.suspect(null);
                reopen(
                        next.reading(),
                        GatewayError.brokenConnection("a superseded owner answered"));
            }
            case Arrival.OfStream next when unproven.keeps(next) -> {
                // Until a look has ended.
            }
            case Arrival.Chunk next -> {
                chunk = next;
                nextInChunk = 0;
                tellSkipped(next);
            }
            case Arrival.Broken(PartitionReading reading, long _, GatewayError why) ->
                    reopen(reading, why);
            case Arrival.Looked(TopicWatch.Sighting sighting) -> looked(sighting);
            case Arrival.Closed _ -> {}
        }
    }

    private void tellSkipped(Arrival.Chunk next) {
        for (SkippedBatch batch : next.answer().getSkippedBatchesList()) {
            if (skipped != null) {
                skipped.accept(
                        new SkippedRecords(
                                topic,
                                next.reading().partition(),
                                batch.getOffset(),
                                batch.getNextOffset(),
                                batch.getReason()));
            }
        }
    }

    /**
     * A look tells whether first answers after broken streams are of the topic that is read. Their
     * offsets and epochs do not: a topic created anew may have reached both meanwhile.
     */
    private void looked(TopicWatch.Sighting sighting) {
        List<Arrival.OfStream> served = unproven.lookEnded();
        if (closed) {
            return;
        }
        try {
            for (Arrival.OfStream first : served) {
                prove(first, sighting);
            }
            TopicWatch.Sighting.Another another = watch.lookEnded(sighting);
            if (another != null) {
                beginAnew(another);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void prove(Arrival.OfStream kept, TopicWatch.Sighting sighting) {
        PartitionReading reading = kept.reading();
        if (!kept.isCurrent()) {
            return;
        }
        switch (sighting) {
            case TopicWatch.Sighting.Same _ -> {
                reading.isSame();
                proven.add(kept);
            }
            case TopicWatch.Sighting.Another _ -> reopenAfter(reading.drop(), 0, reading);
            case TopicWatch.Sighting.Failed(RequestException why) ->
                    reopen(
                            reading,
                            new GatewayError(
                                    why.code(),
                                    String.valueOf(why.getMessage()),
                                    why.retriable(),
                                    WriteStatus.NOT_WRITTEN,
                                    0),
                            reading.drop());
            case TopicWatch.Sighting.Failed _ -> {
                // Told to the reader's caller.
            }
        }
    }

    private void beginAnew(TopicWatch.Sighting.Another another) {
        if (stopsAtEnd) {
            throw new RequestException(
                    "UNKNOWN_TOPIC_OR_PARTITION",
                    false,
                    "topic '%s' was deleted and created anew before it was read to its end"
                            .formatted(topic));
        }
        readings.forEach(PartitionReading::close);
        reopenings.clear();
        unproven.clear();
        proven.clear();
        read(another.starts(), Map.of());
    }

    private void reopen(PartitionReading reading, GatewayError why) {
        reopen(reading, why, reading.broke(why));
    }

    private void reopen(PartitionReading reading, GatewayError why, int failures) {
        if (why.retriable()) {
            reopenAfter(failures, why.retryDelayMillis(), reading);
            return;
        }
        RequestException refused =
                new RequestException(
                        why.code(),
                        false,
                        "partition %d of topic '%s' at offset %d: %s"
                                .formatted(
                                        reading.partition(),
                                        topic,
                                        reading.nextOffset(),
                                        why.message()));
        if (stopsAtEnd || !mayBeAnotherTopic(why)) {
            close();
            throw refused;
        }
        watch.suspect(refused);
    }

    private void reopenAfter(int failures, int leastMillis, PartitionReading reading) {
        long wait = Math.max(backoff.nanosAfter(failures), leastMillis * 1_000_000L);
        reopenings.add(new Reopening(System.nanoTime() + wait, reading));
    }

    /** Whether the answer is what a reader of a topic gets that was deleted or created anew. */
    private static boolean mayBeAnotherTopic(GatewayError why) {
        return why.saysUnknownTopic() || why.code().equals("OFFSET_OUT_OF_RANGE");
    }

    private ConsumedRecord consumed(int partition, ConsumerRecord record) {
        List<RecordHeader> headers = new ArrayList<>(record.getHeadersCount());
        for (Header header : record.getHeadersList()) {
            headers.add(
                    new RecordHeader(
                            header.getKey(),
                            header.hasValue() ? header.getValue().toByteArray() : null));
        }
        return new ConsumedRecord(
                topic,
                partition,
                record.getOffset(),
                record.getTimestampMs(),
                record.hasKey() ? record.getKey().toByteArray() : null,
                record.hasValue() ? record.getValue().toByteArray() : null,
                headers);
    }

    @Override
    public boolean isOver() {
        return closed || readings.stream().allMatch(PartitionReading::isOver);
    }

    @Override
    public Map<Integer, Long> positions() {
        Map<Integer, Long> positions = new TreeMap<>();
        readings.forEach(reading -> positions.put(reading.partition(), reading.nextOffset()));
        return positions;
    }

    @Override
    public void close() {
        closed = true;
        readings.forEach(PartitionReading::close);
        arrivals.add(new Arrival.Closed());
    }
}
