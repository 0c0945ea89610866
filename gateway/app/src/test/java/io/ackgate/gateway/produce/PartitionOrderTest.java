package io.ackgate.gateway.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartitionOrderTest {
    private final List<String> out = new ArrayList<>();
    private final PartitionOrder<String> order = new PartitionOrder<>(out::add);

    @Test
    void an_answer_waits_for_earlier_requests_of_its_partition() {
        var first = order.join(List.of(partition(0)));
        var second = order.join(List.of(partition(0)));

        order.ready(second, "second");
        assertEquals(List.of(), out);
        order.ready(first, "first");
        assertEquals(List.of("first", "second"), out);
    }

    @Test
    void partitions_do_not_wait_for_each_other() {
        order.join(List.of(partition(0)));
        var other = order.join(List.of(partition(1)));

        order.ready(other, "other");
        assertEquals(List.of("other"), out);
        assertEquals(1, order.open());
    }

    @Test
    void what_goes_to_no_partition_is_answered_at_once() {
        order.join(List.of(partition(0)));
        order.ready(order.join(List.of()), "refused");
        assertEquals(List.of("refused"), out);
    }

    @Test
    void a_request_for_several_partitions_waits_in_each_and_holds_each_up() {
        var zero = order.join(List.of(partition(0)));
        var both = order.join(List.of(partition(0), partition(1)));
        var one = order.join(List.of(partition(1)));

        order.ready(one, "one");
        order.ready(both, "both");
        assertEquals(List.of(), out);
        order.ready(zero, "zero");
        assertEquals(List.of("zero", "both", "one"), out);
        assertEquals(0, order.open());
    }

    /** Against the definition itself: out goes whatever has no unanswered earlier neighbour. */
    @Test
    void any_order_of_answers_lets_out_exactly_what_is_due() {
        for (int seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            int requests = 1 + random.nextInt(8);
            List<String> seen = new ArrayList<>();
            var tried = new PartitionOrder<String>(seen::add);
            List<List<PartitionId>> partitions = new ArrayList<>();
            List<PartitionOrder<String>.Place> places = new ArrayList<>();
            List<Integer> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                List<PartitionId> some = new ArrayList<>();
                for (int p = 0; p < 3; p++) {
                    if (random.nextBoolean()) {
                        some.add(partition(p));
                    }
                }
                partitions.add(some);
                places.add(tried.join(some));
                answers.add(i);
            }
            Collections.shuffle(answers, random);
            boolean[] answered = new boolean[requests];
            boolean[] released = new boolean[requests];
            for (int answer : answers) {
                answered[answer] = true;
                tried.ready(places.get(answer), Integer.toString(answer));
                release(partitions, answered, released);
                for (int i = 0; i < requests; i++) {
                    assertEquals(released[i], seen.contains(Integer.toString(i)), "seed " + seed);
                }
            }
            assertInOrder(partitions, seen, seed);
        }
    }

    private static void release(
            List<List<PartitionId>> partitions, boolean[] answered, boolean[] released) {
        for (int i = 0; i < answered.length; i++) {
            boolean due = answered[i];
            for (int earlier = 0; earlier < i; earlier++) {
                due &=
                        released[earlier]
                                || Collections.disjoint(partitions.get(earlier), partitions.get(i));
            }
            released[i] |= due;
        }
    }

    private static void assertInOrder(
            List<List<PartitionId>> partitions, List<String> seen, int seed) {
        assertEquals(partitions.size(), seen.size(), "seed " + seed);
        for (int p = 0; p < 3; p++) {
            PartitionId partition = partition(p);
            List<Integer> ofPartition =
                    seen.stream()
                            .map(Integer::valueOf)
                            .filter(i -> partitions.get(i).contains(partition))
                            .toList();
            assertEquals(ofPartition.stream().sorted().toList(), ofPartition, "seed " + seed);
        }
    }

    private static PartitionId partition(int index) {
        return new PartitionId(new TopicId(1, 2), index);
    }
}
