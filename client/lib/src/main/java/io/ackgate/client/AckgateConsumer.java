package io.ackgate.client;

import io.ackgate.client.consumer.TopicLookup;
import io.ackgate.client.consumer.TopicReader;
import io.ackgate.client.wire.ChannelFactory;
import io.ackgate.client.wire.Gateways;
import io.ackgate.client.wire.UnaryCalls;
import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads committed records. Streams go on by themselves after a broken connection or a change of the
 * partition's owner, without a gap and without a repetition. Safe for any thread; each stream is
 * for one.
 */
public final class AckgateConsumer implements AutoCloseable {
    private static final int DEFAULT_MAX_BYTES = 256 * 1024;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LOOK_AROUND = Duration.ofSeconds(1);

    private final Gateways gateways;
    private final UnaryCalls calls;

    /** A consumer that connects when it is first used, and asks for at most 30 s. */
    public AckgateConsumer(List<Endpoint> bootstrapServers) {
        this(bootstrapServers, DEFAULT_TIMEOUT, ChannelFactory.NETTY);
    }

    /**
     * A consumer that connects by TLS, and asks for at most 30 s.
     *
     * @param tls null for clear text
     * @throws IllegalArgumentException if a file that it names is not there or has not what it
     *     should
     */
    public AckgateConsumer(List<Endpoint> bootstrapServers, @Nullable Tls tls) {
        this(bootstrapServers, DEFAULT_TIMEOUT, ChannelFactory.of(tls));
    }

    /**
     * A consumer whose channels the caller makes.
     *
     * @param timeout of requests, retries included; streams have none
     */
    public AckgateConsumer(
            List<Endpoint> bootstrapServers, Duration timeout, ChannelFactory channels) {
        this.gateways = new Gateways(bootstrapServers, channels);
        this.calls = new UnaryCalls(gateways, timeout);
    }

    /**
     * Reads a topic. Without {@code stopAtEnd} the reading goes on when the topic is deleted and
     * created anew under its name, with the first record of the new one.
     *
     * @param partitions empty for all
     * @param stopAtEnd whether to end with what is committed now rather than wait for more
     * @throws RequestException if the topic does not exist or no gateway answers in time
     */
    public RecordStream read(
            String topic, List<Integer> partitions, StartAt start, boolean stopAtEnd) {
        return read(topic, partitions, start, stopAtEnd, null);
    }

    /**
     * Reads a topic as above, and steps over what cannot be read, which otherwise ends the reading
     * with UNSUPPORTED_FOR_MESSAGE_FORMAT.
     *
     * @param skipped called with what was stepped over, on the thread that reads; null to end there
     */
    public RecordStream read(
            String topic,
            List<Integer> partitions,
            StartAt start,
            boolean stopAtEnd,
            @Nullable Consumer<SkippedRecords> skipped) {
        TopicLookup lookup = new TopicLookup(calls, topic, partitions);
        TopicLookup.Found found = lookup.find();
        List<Integer> wanted = partitions.isEmpty() ? found.partitions() : partitions;
        Map<Integer, Long> starts = lookup.offsets(start, wanted);
        Map<Integer, Long> ends =
                stopAtEnd ? lookup.offsets(new StartAt.Latest(), wanted) : Map.of();
        return new TopicReader(
                gateways, topic, found.id(), starts, ends, DEFAULT_MAX_BYTES, lookup, skipped);
    }

    /**
     * Reads all of a topic as a stream that brings records as they are asked for, on a worker
     * thread. Cancelling it ends the reading.
     *
     * @param stopAtEnd whether to complete with what is committed now rather than wait for more
     */
    public Multi<ConsumedRecord> records(String topic, StartAt start, boolean stopAtEnd) {
        return Multi.createFrom()
                .resource(
                        () -> read(topic, List.of(), start, stopAtEnd),
                        stream ->
                                Multi.createBy()
                                        .repeating()
                                        .supplier(() -> nextOrEnd(stream))
                                        .until(next -> next.record == null)
                                        .map(next -> java.util.Objects.requireNonNull(next.record)))
                .withFinalizer(RecordStream::close)
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    /** A record, or none at the end: a stream of Mutiny cannot carry null itself. */
    private record Next(@Nullable ConsumedRecord record) {}

    private static Next nextOrEnd(RecordStream stream) {
        while (true) {
            ConsumedRecord record = stream.next(LOOK_AROUND);
            if (record != null || stream.isOver()) {
                return new Next(record);
            }
        }
    }

    /**
     * Keeps how far a group has come. Durable when it returns.
     *
     * @param offsets by partition, the offset to go on with
     * @throws RequestException if it was refused or no gateway answers in time
     */
    public void commit(String group, String topic, Map<Integer, Long> offsets) {
        CommitOffsetsRequest.Builder request =
                CommitOffsetsRequest.newBuilder().setGroup(group).setTopic(topic);
        offsets.forEach(
                (partition, offset) ->
                        request.addOffsets(
                                CommittedOffset.newBuilder()
                                        .setPartition(partition)
                                        .setOffset(offset)));
        calls.call(ConsumerServiceGrpc.getCommitOffsetsMethod(), request.build());
    }

    @Override
    public void close() {
        gateways.close();
    }
}
