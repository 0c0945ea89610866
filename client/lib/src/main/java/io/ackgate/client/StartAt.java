package io.ackgate.client;

import java.util.Locale;

/** Where reading starts, in each partition. */
public sealed interface StartAt {
    /** The oldest record still kept. */
    record Earliest() implements StartAt {}

    /** What is committed from now on. */
    record Latest() implements StartAt {}

    /**
     * An offset.
     *
     * @param offset 0 or more
     */
    record Offset(long offset) implements StartAt {}

    /**
     * So many records before the end of each partition, or its oldest record if it has fewer.
     *
     * @param records 1 or more
     */
    record FromEnd(long records) implements StartAt {}

    /**
     * The first record as young as this; what is committed from now on if there is none.
     *
     * @param millis since 1970-01-01T00:00Z, 0 or more
     */
    record Timestamp(long millis) implements StartAt {}

    /**
     * Where a group has come to.
     *
     * @param group name of the group
     * @param autoOffsetReset for partitions in which it has committed nothing
     */
    record Committed(String group, StartAt autoOffsetReset) implements StartAt {}

    /**
     * Reads {@code earliest}, {@code latest}, an offset, {@code -10} for the last 10 records of
     * each partition, or a time as ISO 8601 has it, such as {@code 2018-01-31T00:00:00Z}.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static StartAt of(String text) {
        String word = text.trim().toLowerCase(Locale.ROOT);
        if (word.equals("earliest")) {
            return new Earliest();
        }
        if (word.equals("latest")) {
            return new Latest();
        }
        try {
            if (word.chars().allMatch(Character::isDigit)) {
                return new Offset(Long.parseLong(word));
            }
            if (word.matches("-0*[1-9][0-9]*")) {
                return new FromEnd(Long.parseLong(word.substring(1)));
            }
            return new Timestamp(java.time.Instant.parse(text.trim()).toEpochMilli());
        } catch (NumberFormatException | java.time.format.DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is no place to start; give earliest, latest, an offset, -10 for"
                            + " the last 10, or a time such as 2018-01-31T00:00:00Z",
                    e);
        }
    }
}
