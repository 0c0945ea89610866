package io.ackgate.client;

/** What is known of a record that was not acknowledged. */
public enum WriteStatus {
    /** It is not in the log and never will be: no attempt wrote it. */
    NOT_WRITTEN("not written"),
    /** At least one attempt ended without a clear answer: it may be in the log. */
    MAY_HAVE_BEEN_WRITTEN("may have been written");

    private final String words;

    WriteStatus(String words) {
        this.words = words;
    }

    /** In words, as messages show it. */
    @Override
    public String toString() {
        return words;
    }
}
