package io.ackgate.storage.api;

import java.util.List;

/**
 * What a log tells of idempotent producers.
 *
 * @param forgottenUpTo no id up to this one is new for certain: producers with ids up to it were
 *     dropped after they had expired; {@link #NONE_FORGOTTEN} if none was
 * @param entries the producers, those that have been silent for longest first
 */
public record KnownProducers(long forgottenUpTo, List<ProducerEntry> entries) {
    /** No producer was dropped. */
    public static final long NONE_FORGOTTEN = -1;

    /** What an empty log tells. */
    public static final KnownProducers NOBODY = new KnownProducers(NONE_FORGOTTEN, List.of());

    public KnownProducers {
        entries = List.copyOf(entries);
    }

    /** Whether there is nothing to tell. */
    public boolean isNobody() {
        return entries.isEmpty() && forgottenUpTo == NONE_FORGOTTEN;
    }
}
