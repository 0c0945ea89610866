package io.ackgate.client.producer;

import io.ackgate.client.DeliveryCallback;
import io.ackgate.client.DeliveryException;
import io.ackgate.client.ProducerConfig;
import io.ackgate.client.ProducerMetrics;
import io.ackgate.client.ProducerRecord;
import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.Backoff;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.client.wire.Gateways;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The heart of a producer: on the event loop of its connection it runs what others post, looks
 * after lanes that were touched or whose time has come, and runs callbacks. It alone talks to the
 * gateway.
 */
public final class Sender {
    private static final System.Logger LOG = System.getLogger(Sender.class.getName());

    /** After so many lanes answers and timers have their turn, however busy the callers are. */
    private static final int LOOKS_PER_TURN = 256;

    private final ProducerConfig config;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Backoff backoff;
    private final BufferMemory memory;
    private final ProduceConnection connection;
    private final GatewayCalls calls;
    private final ProducerIds producerIds;
    private final Outcomes outcomes;
    private final PipelineSettings settings;
    private final Map<String, TopicLanes> topics = new ConcurrentHashMap<>();

    private final long startedAtNanos = System.nanoTime();
    private final EventLoop loop;
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final Queue<PartitionLane> touched = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean turnIsDue = new AtomicBoolean();
    private volatile boolean stopping;

    /** Everything has ended, and connections are closed or about to be. The loop's to write. */
    private volatile boolean abandoned;

    /** Callers inside {@link #send}; what they leave here has to be ended too. */
    private final AtomicInteger sendsUnderWay = new AtomicInteger();

    private final Timers timers = new Timers();
    private @Nullable ScheduledFuture<?> armed;
    private long armedForNanos = PartitionLane.NEVER;
    private final Flushes flushes = new Flushes(this, topics.values());

    /**
     * Starts sending.
     *
     * @param loop where all of the producer's work is done; best that of its connections, so that
     *     neither a batch nor an answer changes threads
     */
    public Sender(ProducerConfig config, Gateways gateways, EventLoop loop) {
        this.loop = loop;
        this.config = config;
        this.backoff = new Backoff(config.retryBackoff(), config.retryBackoffMax(), random);
        this.memory = new BufferMemory(config.bufferMemoryBytes());
        ProducerMetrics metrics = new GuardedMetrics(config.metrics(), LOG);
        this.connection = new ProduceConnection(gateways, this, config, backoff, metrics);
        this.calls = new GatewayCalls(gateways, this, config.requestTimeout().toNanos());
        this.producerIds = new ProducerIds(this, calls, backoff);
        this.outcomes = new Outcomes(memory, metrics, this::nowNanos, LOG);
        this.settings = PipelineSettings.of(config);
    }

    /** Nanoseconds since the producer started. */
    public long nowNanos() {
        return System.nanoTime() - startedAtNanos;
    }

    /**
     * Takes a record over, from any thread.
     *
     * @param waitNanos how long to wait for room in the buffer, 0 for not at all
     */
    public void send(ProducerRecord record, @Nullable DeliveryCallback callback, long waitNanos) {
        sendsUnderWay.incrementAndGet();
        try {
            if (stopping) {
                throw new IllegalStateException("the producer is closed");
            }
            takeOver(record, callback, waitNanos);
        } finally {
            sendsUnderWay.decrementAndGet();
        }
    }

    private void takeOver(
            ProducerRecord record, @Nullable DeliveryCallback callback, long waitNanos) {
        int bytes = Outcomes.roomFor(record);
        if (bytes > memory.totalBytes() || !memory.take(bytes, waitNanos)) {
            reject(callback, noRoom(record, bytes));
            return;
        }
        Long timestamp = record.timestampMillis();
        topics.computeIfAbsent(record.topic(), this::newTopic)
                .append(
                        record,
                        timestamp == null ? System.currentTimeMillis() : timestamp,
                        callback,
                        bytes,
                        nowNanos());
    }

    private DeliveryException noRoom(ProducerRecord record, int bytes) {
        boolean fits = bytes <= memory.totalBytes();
        return new DeliveryException(
                record.topic(),
                DeliveryException.NO_PARTITION,
                fits ? "BUFFER_EXHAUSTED" : "MESSAGE_TOO_LARGE",
                WriteStatus.NOT_WRITTEN,
                fits,
                0,
                fits
                        ? "no room for %d bytes in buffer.memory=%d: records come faster than they are acknowledged"
                                .formatted(bytes, memory.totalBytes())
                        : "a record of %d bytes is larger than buffer.memory=%d"
                                .formatted(bytes, memory.totalBytes()));
    }

    private TopicLanes newTopic(String topic) {
        return new TopicLanes(topic, this, calls, backoff, config, random);
    }

    PartitionLane newLane(TopicPartition partition) {
        PartitionQueue queue =
                new PartitionQueue(
                        partition,
                        config.batchSizeBytes(),
                        config.linger().toNanos(),
                        config.compression());
        queue.impatient(flushes.areUnderWay());
        return new PartitionLane(
                partition,
                this,
                connection,
                queue,
                new PartitionPipeline(settings, backoff, outcomes),
                config.deliveryTimeout().toNanos());
    }

    /** Asks the gateway what the topic is like now. Only on the sender's loop. */
    void describeAgain(String topic) {
        TopicLanes lanes = topics.get(topic);
        if (lanes != null) {
            lanes.askAgain();
        }
    }

    BufferMemory memory() {
        return memory;
    }

    ProducerIds producerIds() {
        return producerIds;
    }

    BatchCallbacks callbacks() {
        return outcomes;
    }

    /** Why batches stay here, if something is known to be wrong. */
    Optional<GatewayError> whyNothingIsSent() {
        String broken = connection.lastFailure();
        return broken != null
                ? Optional.of(GatewayError.brokenConnection(broken))
                : Optional.ofNullable(producerIds.lastError());
    }

    /** Ends a record that was not even tried. */
    void reject(@Nullable DeliveryCallback callback, DeliveryException why) {
        post(() -> outcomes.rejected(callback, why));
    }

    /** Runs the task on the sender's loop, soon. */
    void post(Runnable task) {
        posted.add(task);
        wake();
    }

    /** Looks after the lane, soon. */
    void look(PartitionLane lane) {
        touched.add(lane);
        wake();
    }

    private void wake() {
        if (turnIsDue.compareAndSet(false, true)) {
            try {
                loop.execute(this::turn);
            } catch (RejectedExecutionException e) {
                // The producer is closed, and the callbacks of all that was left have run.
                LOG.log(System.Logger.Level.DEBUG, "too late", e);
            }
        }
    }

    /** Runs the task at that time. Only on the sender's loop. */
    void schedule(long atNanos, Runnable task) {
        timers.set(atNanos, task);
    }

    /** Looks after the lane at that time, or earlier. Only on the sender's loop. */
    void schedule(PartitionLane lane, long atNanos) {
        timers.set(atNanos, lane);
    }

    private void turn() {
        // Whatever is added from here on asks for another turn.
        turnIsDue.set(false);
        try {
            if (!abandoned) {
                timers.run(nowNanos());
            }
            runPosted();
            if (abandoned) {
                // There is no gateway to talk to any more, and nothing that has not ended.
                touched.clear();
                return;
            }
            lookAround();
        } catch (RuntimeException | Error e) {
            // A bug or want of memory; the records of others still have to go out.
            LOG.log(System.Logger.Level.ERROR, "the sender goes on after", e);
        }
        if (!touched.isEmpty() || !posted.isEmpty()) {
            wake();
        }
        arm();
    }

    private void lookAround() {
        long now = nowNanos();
        for (int looks = 0; looks < LOOKS_PER_TURN; looks++) {
            PartitionLane lane = touched.poll();
            if (lane == null) {
                return;
            }
            lane.look(now);
        }
    }

    /** Sees to it that there is a turn when the next timer is due. */
    private void arm() {
        long next = timers.nextAtNanos();
        if (next >= armedForNanos || loop.isShuttingDown()) {
            return;
        }
        if (armed != null) {
            armed.cancel(false);
        }
        armedForNanos = next;
        armed =
                loop.schedule(
                        () -> {
                            armedForNanos = PartitionLane.NEVER;
                            wake();
                        },
                        Math.max(0, next - nowNanos()),
                        TimeUnit.NANOSECONDS);
    }

    /** Whether this is the thread that must never wait for itself. */
    public boolean isCurrentThread() {
        return loop.inEventLoop();
    }

    /** Completes when everything sent until now has ended; nothing lingers meanwhile. */
    public CompletableFuture<@Nullable Void> flush() {
        CompletableFuture<@Nullable Void> flushed = new CompletableFuture<>();
        post(() -> flushes.begin(flushed));
        if (abandoned) {
            // Nothing is left to wait for, and the loop may have ended before it ran the task.
            flushed.complete(null);
        }
        return flushed;
    }

    /** Ends everything that has not ended, with what is known of it. */
    public void stop() {
        stopping = true;
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Runnable last =
                () -> {
                    try {
                        abandon();
                    } finally {
                        done.complete(null);
                    }
                };
        if (isCurrentThread()) {
            last.run();
        } else {
            post(last);
            done.join();
        }
    }

    private void abandon() {
        GatewayError why =
                new GatewayError(
                        "PRODUCER_CLOSED",
                        "the producer was closed before the record was acknowledged",
                        false,
                        WriteStatus.NOT_WRITTEN,
                        0);
        boolean more = true;
        while (more) {
            // A caller that waits for room gets it now, of what is on the wire too, and what it
            // leaves
            // here is ended in the next round.
            more = sendsUnderWay.get() > 0;
            for (TopicLanes topic : topics.values()) {
                topic.endWaiting(why, PartitionLane.NEVER);
                topic.lanes().forEach(lane -> lane.abandon(why));
            }
            connection.close();
            Thread.onSpinWait();
        }
        // Callbacks of rejected records run before any flush is over, and before the loop ends.
        runPosted();
        abandoned = true;
        // Nothing more than flushes that did not see it yet.
        runPosted();
    }

    private void runPosted() {
        for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
            task.run();
        }
    }
}
