package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.v1.ConsumerRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was acknowledged where, to be held against what is read. Any thread. */
final class History {
    /** Offset to number. */
    private final Map<Place, TreeMap<Long, Long>> acknowledged = new HashMap<>();

    private final List<String> wrong = new ArrayList<>();

    /** Something was answered that must not be. */
    synchronized void wrong(String what) {
        wrong.add(what);
    }

    synchronized void acknowledged(Place place, long baseOffset, long firstNumber, int records) {
        TreeMap<Long, Long> numbers = acknowledged.computeIfAbsent(place, first -> new TreeMap<>());
        for (int i = 0; i < records; i++) {
            Long other = numbers.putIfAbsent(baseOffset + i, firstNumber + i);
            if (other != null) {
                wrong(
                        "%s: offset %d was given to %d and to %d"
                                .formatted(place, baseOffset + i, other, firstNumber + i));
            }
        }
    }

    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /**
     * Every acknowledged record is there, at the offset of its receipt; no record is there twice or
     * out of order; offsets are dense; bytes are those that were sent.
     *
     * @param sent how many records were sent to the partition, whatever became of them
     */
    synchronized void verify(Place place, long sent, List<ConsumerRecord> read) {
        long before = -1;
        for (int i = 0; i < read.size(); i++) {
            ConsumerRecord record = read.get(i);
            long number = Long.parseLong(record.getKey().toStringUtf8());
            assertEquals(i, record.getOffset(), place + ": offsets are dense");
            assertTrue(
                    number > before && number < sent,
                    "%s: %d stands behind %d, %d were sent".formatted(place, number, before, sent));
            assertEquals(Quakes.value(number), record.getValue(), place + ": bytes of " + number);
            before = number;
        }
        TreeMap<Long, Long> numbers = acknowledged.getOrDefault(place, new TreeMap<>());
        assertTrue(!numbers.isEmpty(), place + ": nothing was acknowledged");
        numbers.forEach(
                (offset, number) -> {
                    assertTrue(
                            offset < read.size(),
                            () ->
                                    "%s: %d was acknowledged at %d and is lost, the log ends at %d"
                                            .formatted(place, number, offset, read.size()));
                    assertEquals(
                            Long.toString(number),
                            read.get(Math.toIntExact(offset)).getKey().toStringUtf8(),
                            place + ": what was acknowledged at " + offset);
                });
    }
}
