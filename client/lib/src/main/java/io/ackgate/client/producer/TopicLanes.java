package io.ackgate.client.producer;

import io.ackgate.client.DeliveryCallback;
import io.ackgate.client.DeliveryException;
import io.ackgate.client.ProducerConfig;
import io.ackgate.client.ProducerRecord;
import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.Backoff;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.record.Murmur2;
import io.ackgate.v1.DescribeTopicRequest;
import io.ackgate.v1.DescribeTopicResponse;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one topic. Until the gateway has answered how many there are, records wait here
 * in order, within {@link BufferMemory}. Filled by any thread; the rest is the sender's.
 */
final class TopicLanes {
    private static final String MAX_MESSAGE_BYTES = "max.message.bytes";
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 1048588;

    private final String topic;
    private final Sender sender;
    private final GatewayCalls calls;
    private final Backoff backoff;
    private final ProducerConfig config;
    private final StickyPartition sticky;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** Of the partitions that the topic has; null while that is not known. */
    private volatile PartitionLane @Nullable [] lanes;

    /** Those of partitions that a topic of the same name had before, too. The sender's. */
    private PartitionLane[] lanesEver = new PartitionLane[0];

    private String topicId = "";
    private long describeAgainAtNanos;
    private volatile int maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES;

    /** Guarded by this. */
    private boolean asking;

    /** Completes when nothing waits any more; guarded by this. */
    private CompletableFuture<@Nullable Void> settled = CompletableFuture.completedFuture(null);

    private int failuresInARow;
    private @Nullable GatewayError lastError;

    private record Waiting(
            ProducerRecord record,
            long timestampMillis,
            @Nullable DeliveryCallback callback,
            int reserved,
            long sentAtNanos) {}

    TopicLanes(
            String topic,
            Sender sender,
            GatewayCalls calls,
            Backoff backoff,
            ProducerConfig config,
            RandomGenerator random) {
        this.topic = topic;
        this.sender = sender;
        this.calls = calls;
        this.backoff = backoff;
        this.config = config;
        this.sticky = new StickyPartition(config.batchSizeBytes(), random);
    }

    /**
     * Takes a record over, for any thread.
     *
     * @param reserved bytes taken for it from {@link BufferMemory}; they are given back with its
     *     end
     */
    void append(
            ProducerRecord record,
            long timestampMillis,
            @Nullable DeliveryCallback callback,
            int reserved,
            long nowNanos) {
        PartitionLane[] known = lanes;
        if (known == null) {
            synchronized (this) {
                known = lanes;
                if (known == null) {
                    await(new Waiting(record, timestampMillis, callback, reserved, nowNanos));
                    return;
                }
            }
        }
        place(known, record, timestampMillis, callback, reserved, nowNanos);
    }

    private void await(Waiting record) {
        if (waiting.isEmpty()) {
            settled = new CompletableFuture<>();
        }
        waiting.add(record);
        if (!asking) {
            asking = true;
            sender.post(this::ask);
        }
    }

    private void place(
            PartitionLane[] known,
            ProducerRecord record,
            long timestampMillis,
            @Nullable DeliveryCallback callback,
            int reserved,
            long nowNanos) {
        int partition = partitionOf(record, known.length, reserved);
        if (partition >= known.length) {
            String detail =
                    "topic '%s' has partitions 0 to %d, not %d"
                            .formatted(topic, known.length - 1, partition);
            reject(callback, partition, "UNKNOWN_TOPIC_OR_PARTITION", detail, reserved);
            return;
        }
        PartitionLane lane = known[partition];
        int max = maxMessageBytes;
        switch (lane.queue().append(record, timestampMillis, callback, reserved, max, nowNanos)) {
            case TO_OPEN_BATCH -> {}
            case NEWS -> lane.touch();
            case TOO_LARGE -> {
                String detail =
                        "a record of %d bytes does not fit into a batch of topic '%s', whose %s is %d"
                                .formatted(reserved, topic, MAX_MESSAGE_BYTES, max);
                reject(callback, partition, "MESSAGE_TOO_LARGE", detail, reserved);
            }
        }
    }

    private int partitionOf(ProducerRecord record, int partitions, int bytes) {
        Integer chosen = record.partition();
        if (chosen != null) {
            return chosen;
        }
        byte[] key = record.key();
        return key != null
                ? Murmur2.partitionForKey(key, partitions)
                : sticky.choose(partitions, bytes);
    }

    private void reject(
            @Nullable DeliveryCallback callback,
            int partition,
            String code,
            String detail,
            int reserved) {
        sender.memory().give(reserved);
        sender.reject(
                callback,
                new DeliveryException(
                        topic, partition, code, WriteStatus.NOT_WRITTEN, false, 0, detail));
    }

    private void ask() {
        calls.describeTopic(
                DescribeTopicRequest.newBuilder().setTopic(topic).build(),
                this::described,
                this::notDescribed);
        sender.schedule(
                sender.nowNanos() + config.deliveryTimeout().toNanos(), this::expireWaiting);
    }

    private void described(DescribeTopicResponse answer) {
        failuresInARow = 0;
        lastError = null;
        String max = answer.getSettingsOrDefault(MAX_MESSAGE_BYTES, "");
        if (!max.isEmpty()) {
            maxMessageBytes = Integer.parseInt(max);
        }
        CompletableFuture<@Nullable Void> nothingWaits;
        synchronized (this) {
            asking = false;
            PartitionLane[] all = lanesFor(answer);
            for (Waiting next : waiting) {
                place(
                        all,
                        next.record,
                        next.timestampMillis,
                        next.callback,
                        next.reserved,
                        next.sentAtNanos);
            }
            waiting.clear();
            lanes = all;
            nothingWaits = settled;
        }
        nothingWaits.complete(null);
        describeAgainAtNanos = sender.nowNanos() + config.metadataMaxAge().toNanos();
        sender.schedule(describeAgainAtNanos, this::askWhenOld);
    }

    private void askWhenOld() {
        // Timers of descriptions that others have replaced meanwhile have nothing to do.
        if (sender.nowNanos() >= describeAgainAtNanos) {
            askAgain();
        }
    }

    /** Asks unless that is under way. Only on the sender's loop. */
    void askAgain() {
        synchronized (this) {
            if (asking) {
                return;
            }
            asking = true;
        }
        ask();
    }

    /**
     * A topic gets more partitions and never fewer. One that was deleted and created again under
     * the same name may have any number; what still waits in the lanes of partitions that are gone
     * ends there.
     */
    private PartitionLane[] lanesFor(DescribeTopicResponse answer) {
        boolean isSame = topicId.isEmpty() || answer.getTopicId().equals(topicId);
        topicId = answer.getTopicId();
        PartitionLane[] known = lanes;
        int partitions =
                isSame && known != null
                        ? Math.max(known.length, answer.getPartitionsCount())
                        : answer.getPartitionsCount();
        int before = lanesEver.length;
        if (partitions > before) {
            lanesEver = Arrays.copyOf(lanesEver, partitions);
            for (int i = before; i < partitions; i++) {
                lanesEver[i] = sender.newLane(new TopicPartition(topic, i));
            }
        }
        return Arrays.copyOf(lanesEver, partitions);
    }

    private void notDescribed(GatewayError error) {
        lastError = error;
        failuresInARow++;
        if (!error.retriable() && lanes == null) {
            CompletableFuture<@Nullable Void> nothingWaits;
            synchronized (this) {
                // One step: a record that comes later finds no request under way, and asks again.
                endThoseWaiting(error, NEVER_IN_TIME);
                asking = false;
                nothingWaits = settled;
            }
            nothingWaits.complete(null);
            return;
        }
        expireWaiting();
        sender.schedule(sender.nowNanos() + backoff.nanosAfter(failuresInARow), this::ask);
    }

    private static final long NEVER_IN_TIME = Long.MAX_VALUE;

    private void expireWaiting() {
        GatewayError last = lastError;
        String why =
                "delivery.timeout.ms=%d ran out before the topic's partitions were known%s"
                        .formatted(
                                config.deliveryTimeout().toMillis(),
                                last == null ? "" : ": " + last.message());
        String code = last == null ? GatewayError.REQUEST_TIMED_OUT : last.code();
        endWaiting(
                new GatewayError(code, why, true, WriteStatus.NOT_WRITTEN, 0),
                sender.nowNanos() - config.deliveryTimeout().toNanos());
    }

    /** Ends what waits since then or longer. */
    void endWaiting(GatewayError why, long sentBeforeNanos) {
        CompletableFuture<@Nullable Void> nothingWaits;
        synchronized (this) {
            endThoseWaiting(why, sentBeforeNanos);
            if (!waiting.isEmpty()) {
                return;
            }
            nothingWaits = settled;
        }
        nothingWaits.complete(null);
    }

    /** Guarded by this. */
    private void endThoseWaiting(GatewayError why, long sentBeforeNanos) {
        Iterator<Waiting> all = waiting.iterator();
        while (all.hasNext()) {
            Waiting next = all.next();
            if (next.sentAtNanos > sentBeforeNanos) {
                continue;
            }
            all.remove();
            sender.memory().give(next.reserved);
            sender.reject(
                    next.callback,
                    new DeliveryException(
                            topic,
                            DeliveryException.NO_PARTITION,
                            why.code(),
                            WriteStatus.NOT_WRITTEN,
                            why.retriable(),
                            0,
                            why.message()));
        }
    }

    /** Completes when the records that wait now have a partition or have failed. */
    synchronized CompletableFuture<@Nullable Void> settled() {
        return settled;
    }

    /** Those of all partitions that were ever known. Only on the sender's loop. */
    List<PartitionLane> lanes() {
        return List.of(lanesEver);
    }
}
