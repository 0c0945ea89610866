package io.ackgate.client.producer;

import java.util.random.RandomGenerator;

/**
 * Where records without a key go: to one partition until a batch's worth of bytes went there, then
 * to another at random, as Kafka's uniform sticky partitioner (KIP-794). Safe for any thread.
 */
final class StickyPartition {
    private final int stretchBytes;
    private final RandomGenerator random;
    private int partition = -1;
    private int bytesLeft;

    StickyPartition(int stretchBytes, RandomGenerator random) {
        this.stretchBytes = stretchBytes;
        this.random = random;
    }

    /** The partition of the next record, which takes so many bytes. */
    synchronized int choose(int partitions, int bytes) {
        if (bytesLeft <= 0 || partition >= partitions) {
            partition = partition < 0 ? random.nextInt(partitions) : another(partitions);
            bytesLeft = stretchBytes;
        }
        bytesLeft -= bytes;
        return partition;
    }

    private int another(int partitions) {
        if (partitions == 1) {
            return 0;
        }
        return (partition + 1 + random.nextInt(partitions - 1)) % partitions;
    }
}
