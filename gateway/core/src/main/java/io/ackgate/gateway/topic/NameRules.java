package io.ackgate.gateway.topic;

import io.ackgate.gateway.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What a topic or a group may be called, as Kafka has it. */
public final class NameRules {
    /** Kafka's bound: a name with a partition's number behind it still is a file's name. */
    public static final int MAX_LENGTH = 249;

    /** What is allowed, as the end of a sentence. */
    public static final String ALLOWED =
            "use 1 to %d letters, digits, dots, underscores and hyphens of ASCII, but not '.' or '..' alone"
                    .formatted(MAX_LENGTH);

    private static final int SHOWN_LENGTH = 60;

    private NameRules() {}

    /** Whether something may be called so; {@link ErrorCode#INVALID_TOPIC_EXCEPTION} if not. */
    public static boolean legal(String name) {
        return problemWith(name) == null;
    }

    /** What is wrong with a name and what is allowed, as a sentence; null if nothing is wrong. */
    static @Nullable String problemWith(String name) {
        String problem = null;
        if (name.isEmpty()) {
            problem = "the name is empty";
        } else if (name.length() > MAX_LENGTH) {
            problem = "'%s…' has %d characters".formatted(name.substring(0, 20), name.length());
        } else if (name.equals(".") || name.equals("..")) {
            problem = "'%s' is no name of its own".formatted(name);
        } else {
            int at = firstRefused(name);
            if (at >= 0) {
                problem = "'%s' holds '%s'".formatted(name, name.substring(at, at + 1));
            }
        }
        return problem == null ? null : problem + ": " + ALLOWED;
    }

    private static int firstRefused(String name) {
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
                return i;
            }
        }
        return -1;
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
