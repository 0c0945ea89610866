package io.ackgate.storage.api;

import java.util.regex.Pattern;

/** What the id of a cluster may be. */
public final class ClusterIds {
    /** The id of a node that no gateway has reached yet. */
    public static final String NONE = "";

    /** What is allowed, as a part of a sentence. */
    public static final String ALLOWED = "1 to 64 of the characters A-Z a-z 0-9 . _ -";

    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private ClusterIds() {}

    /** Whether a cluster can be called so. */
    public static boolean isAllowed(String given) {
        return PATTERN.matcher(given).matches();
    }
}
