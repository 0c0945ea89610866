package io.ackgate.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests that are not whole hold no more than a bound, all together. */
class IncomingMemoryTest {
    private final IncomingMemory memory = new IncomingMemory(100);
    private final Map<String, Long> read = new HashMap<>();
    private final List<String> cut = new ArrayList<>();

    /** Of which its first message is waited for. */
    private Incoming request(String name) {
        read.put(name, 0L);
        Incoming request = new Incoming(() -> read.getOrDefault(name, 0L), () -> cut.add(name));
        request.wants(1);
        memory.add(request);
        return request;
    }

    private void reads(String name, long bytes) {
        read.merge(name, bytes, Long::sum);
    }

    @Test
    void within_the_bound_everybody_may_be_slow() {
        request("a");
        request("b");
        reads("a", 50);
        reads("b", 50);
        for (int i = 0; i < 1_000; i++) {
            memory.look();
        }
        assertEquals(List.of(), cut);
    }

    @Test
    void above_it_whoever_holds_most_goes_first() {
        request("small");
        request("large");
        reads("small", 60);
        reads("large", 70);
        memory.look();
        assertEquals(List.of("large"), cut);
        memory.look();
        assertEquals(List.of("large"), cut);
    }

    @Test
    void whoever_stands_still_goes_before_those_that_come() {
        request("still");
        request("coming");
        reads("still", 20);
        for (int i = 0; i < 30; i++) {
            memory.look();
            reads("coming", 3);
        }
        memory.look();
        assertEquals(List.of("still"), cut);
    }

    @Test
    void whoever_holds_nothing_is_left_alone_however_long_it_waits() {
        request("waiting");
        request("coming");
        for (int i = 0; i < 40; i++) {
            memory.look();
            reads("coming", 3);
        }
        memory.look();
        assertEquals(List.of("coming"), cut);
    }

    @Test
    void what_is_whole_is_held_no_longer() {
        Incoming stream = request("stream");
        request("other");
        reads("stream", 90);
        stream.taken();
        stream.wants(1);
        reads("stream", 30);
        reads("other", 70);
        memory.look();
        assertEquals(List.of(), cut);
        reads("stream", 1);
        memory.look();
        assertEquals(List.of("other"), cut);
    }

    /** A stream whose messages nobody asks for is held back by its window, and is no attack. */
    @Test
    void what_is_not_waited_for_does_not_count() {
        Incoming stream = request("stream");
        stream.taken();
        reads("stream", 1_000);
        memory.look();
        assertEquals(List.of(), cut);
        stream.wants(1);
        stream.whole();
        memory.look();
        assertEquals(List.of(), cut);
    }
}
