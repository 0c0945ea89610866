package io.ackgate.client.consumer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * First answers after a stream had broken, and what came behind them in their streams. They are
 * kept until a look tells whether they are of the topic that is read. A look counts for the answers
 * that had come before it began. Confined to the reader's thread.
 */
final class UnprovenAnswers {
    /** What waits for the next look, by the reading. */
    private final Map<PartitionReading, List<Arrival.OfStream>> waiting = new LinkedHashMap<>();

    /** What waits for the end of the look that is under way. */
    private final Map<PartitionReading, List<Arrival.OfStream>> looked = new LinkedHashMap<>();

    /** Keeps what must not be taken yet; gives whether it did. */
    boolean keeps(Arrival.OfStream arrival) {
        PartitionReading reading = arrival.reading();
        List<Arrival.OfStream> kept = looked.get(reading);
        if (kept == null) {
            kept = waiting.get(reading);
        }
        if (kept == null && arrival instanceof Arrival.Chunk && reading.mayBeAnother()) {
            kept = new ArrayList<>();
            waiting.put(reading, kept);
        }
        return kept != null && kept.add(arrival);
    }

    /** Whether some wait for a look. */
    boolean wantLook() {
        return !waiting.isEmpty();
    }

    /** A look begins; there is no other. */
    void lookBegins() {
        looked.putAll(waiting);
        waiting.clear();
    }

    /** Gives those for whom the look counts that has ended, each stream's in its order. */
    List<Arrival.OfStream> lookEnded() {
        List<Arrival.OfStream> served = looked.values().stream().flatMap(List::stream).toList();
        looked.clear();
        return served;
    }

    /** Forgets them all. */
    void clear() {
        waiting.clear();
        looked.clear();
    }
}
