package io.ackgate.storage.api;

/** A topic's unique id (a UUID): a name may be used again after a deletion, an id never is. */
public record TopicId(long high, long low) {
    @Override
    public String toString() {
        return new java.util.UUID(high, low).toString();
    }
}
