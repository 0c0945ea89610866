package io.ackgate.gateway.partition;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a producer calls written, and how that is written in settings, queries and metrics. */
public enum Acks {
    /** acks=0: the owner has taken the batch into its queue. */
    NONE("0"),
    /** acks=1: the leader replica has it durably. */
    LEADER("1"),
    /** acks=all: every member of an ISR of at least min.insync.replicas has it durably. */
    ALL("all");

    /** What Kafka's producers send for all. */
    private static final String ALL_AS_NUMBER = "-1";

    private final String text;

    Acks(String text) {
        this.text = text;
    }

    /** 0, 1 or all. */
    public String text() {
        return text;
    }

    /** The texts of all of them, the weakest first. */
    public static List<String> texts() {
        return Arrays.stream(values()).map(Acks::text).toList();
    }

    /** What 0, 1, all or -1 means; null for any other text. */
    public static @Nullable Acks of(String text) {
        for (Acks acks : values()) {
            if (acks.text.equals(text)) {
                return acks;
            }
        }
        return text.equals(ALL_AS_NUMBER) ? ALL : null;
    }
}
