package io.ackgate.gateway.failure;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.topic.NameRules;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What requests name; what is wrong with one is thrown, but where a failure is given back. */
public final class RequestChecks {
    private RequestChecks() {}

    /** The topic of that name. */
    public static Topic topic(Topics topics, String name) {
        Topic topic = topics.cached(name);
        if (topic == null) {
            throw unknownTopic(name, null).asException();
        }
        return topic;
    }

    /**
     * That there is no such topic, and why.
     *
     * @param writeStatus what became of the records; null for a request that writes none
     */
    public static Failure unknownTopic(String name, @Nullable WriteStatus writeStatus) {
        if (name.isEmpty()) {
            return Failure.atTheDoor(
                    ErrorCode.INVALID_REQUEST, writeStatus, "topic", "topic is empty");
        }
        return NameRules.legal(name)
                ? Failure.atTheDoor(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        writeStatus,
                        "topic",
                        NameRules.unknownTopic(name))
                : Failure.atTheDoor(
                        ErrorCode.INVALID_TOPIC_EXCEPTION,
                        writeStatus,
                        "topic",
                        "no topic can be called %s".formatted(NameRules.shown(name)));
    }

    /** A partition of the topic. */
    public static int partition(Topic topic, int partition, String field) {
        if (partition < 0 || partition >= topic.partitions()) {
            throw Failure.refused(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            field,
                            NameRules.unknownPartition(topic, partition))
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
        if (!NameRules.legal(group)) {
            throw Failure.refused(
                            ErrorCode.INVALID_GROUP_ID,
                            "group",
                            group.isEmpty()
                                    ? "group is empty"
                                    : "no group can be called " + NameRules.shown(group))
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
