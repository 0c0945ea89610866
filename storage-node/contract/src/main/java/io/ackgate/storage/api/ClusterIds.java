package io.ackgate.storage.api;

/** What the id of a cluster may be. */
public final class ClusterIds {
    /** The id of a node that no gateway has reached yet. */
    public static final String NONE = "";

    /** What is allowed, as a part of a sentence. */
    public static final String ALLOWED = "1 to 64 of the characters A-Z a-z 0-9 . _ -";

    private static final int MAX_LENGTH = 64;

    private ClusterIds() {}

    /** Whether a cluster can be called so. */
    public static boolean isAllowed(String given) {
        return !given.isEmpty()
                && given.length() <= MAX_LENGTH
                && given.chars().allMatch(ClusterIds::isAllowed);
    }

    private static boolean isAllowed(int letter) {
        return (letter >= 'A' && letter <= 'Z')
                || (letter >= 'a' && letter <= 'z')
                || (letter >= '0' && letter <= '9')
                || letter == '.'
                || letter == '_'
                || letter == '-';
    }
}
