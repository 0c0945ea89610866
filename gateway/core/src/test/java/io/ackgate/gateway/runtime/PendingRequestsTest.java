package io.ackgate.gateway.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PendingRequestsTest {
    private final PendingRequests pending = new PendingRequests();

    private static Request request() {
        return new Request.Read(
                new PartitionId(new TopicId(1, 1), 0),
                0,
                token -> new PartitionInput.Fetch(token, 0, 1, 1, 0),
                null,
                0,
                outcome -> {});
    }

    @Test
    void a_request_is_found_by_its_token_until_it_is_taken() {
        Request one = request();
        Request two = request();
        long first = pending.add(one);
        long second = pending.add(two);
        assertSame(one, pending.get(first));
        assertSame(one, pending.take(first));
        assertNull(pending.take(first));
        assertSame(two, pending.take(second));
        assertEquals(0, pending.size());
    }

    @Test
    void a_token_is_never_used_again_although_its_slot_is() {
        long first = pending.add(request());
        pending.take(first);
        long second = pending.add(request());
        assertNotEquals(first, second);
        assertNull(pending.get(first));
    }

    @Test
    void tokens_that_were_never_given_find_nothing() {
        assertNull(pending.get(0));
        assertNull(pending.take(12_345));
        pending.add(request());
        assertNull(pending.get(-1));
        assertNull(pending.get(Long.MAX_VALUE));
    }

    @Test
    void nor_do_those_of_the_slot_that_is_made_next() {
        for (int slots = 1; slots <= 1_000; slots++) {
            long last = pending.add(request());
            assertNull(pending.get(last + 1), "with " + slots + " slots");
        }
    }

    @Test
    void it_behaves_as_a_map_would() {
        SplittableRandom random = new SplittableRandom(42);
        Map<Long, Request> map = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            if (map.isEmpty() || random.nextInt(100) < 51) {
                Request request = request();
                assertNull(map.put(pending.add(request), request));
            } else {
                long token = map.keySet().iterator().next();
                assertSame(map.remove(token), pending.take(token));
            }
            assertEquals(map.size(), pending.size());
        }
        map.forEach((token, request) -> assertSame(request, pending.get(token)));
    }
}
