package io.ackgate.gateway.consume;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.produce.Names;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a request that writes no records is about; everything here throws what is wrong with it. */
public final class Targets {
    private Targets() {}

    /** The topic of that name. */
    public static Topic topic(Topics topics, String name) {
        if (name.isEmpty()) {
            throw invalid("topic", "topic is empty");
        }
        Topic topic = topics.cached(name);
        if (topic != null) {
            return topic;
        }
        if (Names.legal(name)) {
            throw Failure.refused(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic", Names.unknownTopic(name))
                    .asException();
        }
        throw Failure.refused(
                        ErrorCode.INVALID_TOPIC_EXCEPTION,
                        "topic",
                        "no topic can be called %s".formatted(Names.shown(name)))
                .asException();
    }

    /** A partition of the topic. */
    public static int partition(Topic topic, int partition, String field) {
        if (partition < 0 || partition >= topic.partitions()) {
            throw Failure.refused(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            field,
                            Names.unknownPartition(topic, partition))
                    .asException();
        }
        return partition;
    }

    /** Partitions of the topic, ascending: those named, each once, or all when none is. */
    public static List<Integer> partitions(Topic topic, List<Integer> named) {
        if (named.isEmpty()) {
            return IntStream.range(0, topic.partitions()).boxed().toList();
        }
        Set<Integer> seen = new HashSet<>();
        for (int partition : named) {
            partition(topic, partition, "partitions");
            if (!seen.add(partition)) {
                throw invalid("partitions", "partition %d is named twice".formatted(partition));
            }
        }
        return named.stream().sorted().toList();
    }

    /** The name of a group. */
    public static String group(String group) {
        if (!Names.legal(group)) {
            throw Failure.refused(
                            ErrorCode.INVALID_GROUP_ID,
                            "group",
                            group.isEmpty()
                                    ? "group is empty"
                                    : "no group can be called " + Names.shown(group))
                    .asException();
        }
        return group;
    }

    /** A number that was given, or its default. */
    public static int within(
            boolean given, int value, int byDefault, int least, int most, String field) {
        if (!given) {
            return byDefault;
        }
        if (value < least || value > most) {
            throw invalid(
                    field, "%s is %d, it must be %d to %d".formatted(field, value, least, most));
        }
        return value;
    }

    /** A number that was given as text, or its default. */
    public static int number(
            @Nullable String text, int byDefault, int least, int most, String field) {
        if (text == null) {
            return byDefault;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, as of a number out of bounds.
        }
        throw invalid(
                field,
                "%s was given as '%s': a whole number from %d to %d is taken"
                        .formatted(field, text, least, most));
    }

    /** Something is wrong with a field. */
    public static RuntimeException invalid(String field, String detail) {
        return Failure.refused(ErrorCode.INVALID_REQUEST, field, detail).asException();
    }
}
