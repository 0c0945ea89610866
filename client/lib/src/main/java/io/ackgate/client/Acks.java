package io.ackgate.client;

import java.util.Locale;

/** What the producer calls written: Kafka's {@code acks}. */
public enum Acks {
    /** acks=0: the partition's owner has taken the batch into its queue. No offset is returned. */
    NONE("0"),
    /** acks=1: the leader replica has it durably. */
    LEADER("1"),
    /**
     * acks=all: every in-sync replica has it durably, and there are min.insync.replicas of them.
     */
    ALL("all");

    private final String setting;

    Acks(String setting) {
        this.setting = setting;
    }

    /**
     * Reads a setting as Kafka writes it.
     *
     * @param setting {@code 0}, {@code 1}, {@code all} or {@code -1} (which is all)
     * @throws IllegalArgumentException for anything else
     */
    public static Acks of(String setting) {
        return switch (setting.trim().toLowerCase(Locale.ROOT)) {
            case "0" -> NONE;
            case "1" -> LEADER;
            case "all", "-1" -> ALL;
            default ->
                    throw new IllegalArgumentException(
                            "acks is '" + setting + "'; it must be 0, 1 or all");
        };
    }

    /** Kafka's way of writing it: {@code 0}, {@code 1} or {@code all}. */
    @Override
    public String toString() {
        return setting;
    }
}
