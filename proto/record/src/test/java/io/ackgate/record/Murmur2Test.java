package io.ackgate.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Murmur2Test {
    @ParameterizedTest
    @CsvSource({
        "21, -973932308",
        "foobar, -790332482",
        "a-little-bit-long-string, -985981536",
        "a-little-bit-longer-string, -1486304829",
        "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
        "abc, 479470107",
        "'', 275646681"
    })
    void golden_values_of_kafka(String key, int expected) {
        assertEquals(expected, Murmur2.hash(Samples.utf8(key)));
        assertEquals(expected, Utils.murmur2(Samples.utf8(key)));
    }

    @Test
    void agrees_with_kafka_on_every_length() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] key = new byte[i % 100];
            random.nextBytes(key);
            int partitions = random.nextInt(1, 1 + random.nextInt(1, 2000));
            int expected = BuiltInPartitioner.partitionForKey(key, partitions);
            assertEquals(Utils.murmur2(key), Murmur2.hash(key));
            assertEquals(expected, Murmur2.partitionForKey(key, partitions));
            ByteBuffer within = ByteBuffer.allocateDirect(key.length + 9).put(4, key);
            within.position(4).limit(4 + key.length);
            assertEquals(expected, Murmur2.partitionForKey(within, partitions));
            assertEquals(4, within.position());
        }
    }

    @Test
    void refuses_a_topic_without_partitions() {
        assertThrows(IllegalArgumentException.class, () -> Murmur2.partitionForKey(new byte[1], 0));
    }
}
