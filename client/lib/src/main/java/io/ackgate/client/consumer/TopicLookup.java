package io.ackgate.client.consumer;

import io.ackgate.client.RequestException;
import io.ackgate.client.StartAt;
import io.ackgate.client.wire.UnaryCalls;
import io.ackgate.v1.ClusterServiceGrpc;
import io.ackgate.v1.DescribeTopicRequest;
import io.ackgate.v1.DescribeTopicResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What a reader asks of a topic besides its records. Its calls block. */
public final class TopicLookup {
    private final UnaryCalls calls;
    private final String topic;
    private final List<Integer> chosen;

    /**
     * @param chosen the partitions to read; empty for all
     */
    public TopicLookup(UnaryCalls calls, String topic, List<Integer> chosen) {
        this.calls = calls;
        this.topic = topic;
        this.chosen = List.copyOf(chosen);
    }

    /**
     * A topic under its name.
     *
     * @param id another one after the topic was deleted and created anew
     * @param partitions those to read
     */
    public record Found(String id, List<Integer> partitions) {}

    /**
     * Which topic has the name now.
     *
     * @throws RequestException if none has, or no gateway answers in time
     */
    public Found find() {
        DescribeTopicResponse answer =
                calls.call(
                        ClusterServiceGrpc.getDescribeTopicMethod(),
                        DescribeTopicRequest.newBuilder().setTopic(topic).build());
        List<Integer> all = IntStream.range(0, answer.getPartitionsCount()).boxed().toList();
        return new Found(
                answer.getTopicId(),
                chosen.isEmpty() ? all : chosen.stream().filter(all::contains).toList());
    }

    /** The offsets for which a start stands, by partition. */
    public Map<Integer, Long> offsets(StartAt start, List<Integer> partitions) {
        return new StartOffsets(calls, topic).resolve(start, partitions);
    }
}
