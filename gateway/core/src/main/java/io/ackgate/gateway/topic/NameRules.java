package io.ackgate.gateway.topic;

import io.ackgate.gateway.error.ErrorCode;

/** What a topic or a group may be called, as Kafka has it. */
public final class NameRules {
    /** Kafka's bound: a name with a partition's number behind it still is a file's name. */
    public static final int MAX_LENGTH = 249;

    private static final int SHOWN_LENGTH = 60;

    private NameRules() {}

    /** Whether something may be called so; {@link ErrorCode#INVALID_TOPIC_EXCEPTION} if not. */
    public static boolean legal(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || name.equals(".") || name.equals("..")) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean allowed =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '.'
                            || c == '_'
                            || c == '-';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    /** That there is no topic of a legal name, and what to do. */
    public static String unknownTopic(String name) {
        return "there is no topic %s: create it first, or correct the name".formatted(shown(name));
    }

    /** That the topic has no such partition, and what to do. */
    public static String unknownPartition(Topic topic, int partition) {
        return "topic %s has no partition %d, it has %d: 0 to %d; name one of them, or add partitions to the topic"
                .formatted(topic.name(), partition, topic.partitions(), topic.partitions() - 1);
    }

    /** A name of the caller's, quoted and short enough for a message. */
    public static String shown(String name) {
        return name.length() <= SHOWN_LENGTH
                ? "'" + name + "'"
                : "'%s...' (%d characters)"
                        .formatted(name.substring(0, SHOWN_LENGTH), name.length());
    }
}
