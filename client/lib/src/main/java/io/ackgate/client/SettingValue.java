package io.ackgate.client;

import java.time.Duration;

/** A setting as text, read with its bounds; every refusal names the setting. */
record SettingValue(String name, String value) {
    boolean asBoolean() {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused("must be true or false");
        };
    }

    int asInt(int least, int most) {
        return (int) asLong(least, most);
    }

    /** At most 2^31 - 1 ms, 24 days: what requests can carry. */
    Duration asMillis(int least) {
        return Duration.ofMillis(asLong(least, Integer.MAX_VALUE));
    }

    private long asLong(long least, long most) {
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw refused("must be a whole number from " + least + " to " + most);
        }
        if (number < least || number > most) {
            throw refused("must be from " + least + " to " + most);
        }
        return number;
    }

    /** What it is refused with, and what is allowed. */
    IllegalArgumentException refused(String allowed) {
        return new IllegalArgumentException(name + "=" + value + " " + allowed);
    }
}
