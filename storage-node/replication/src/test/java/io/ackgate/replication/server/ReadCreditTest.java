package io.ackgate.replication.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads wait while their gateway takes no answers; nothing ends. */
class ReadCreditTest {
    private final List<StorageRequest.Read> submitted = new ArrayList<>();
    private final ReadCredit credit = new ReadCredit(100, (read, handled) -> submitted.add(read));

    private static StorageRequest.Read read(int partition, int maxBytes) {
        return new StorageRequest.Read(
                new PartitionId(new TopicId(1, 2), partition), 1, 1, 0, maxBytes, 1);
    }

    private void answer(StorageRequest.Read read) {
        credit.answered(
                new StorageAnswer.Records(
                        read.partition(),
                        1,
                        read.requestId(),
                        StorageAnswer.ReadStatus.OK,
                        ByteBuffer.allocate(0),
                        0,
                        1));
    }

    private void take(StorageRequest.Read read, long queuedBytes) {
        credit.take(read, () -> {}, queuedBytes);
    }

    @Test
    void reads_of_a_thousand_partitions_go_out_as_far_as_their_answers_fit() {
        for (int partition = 0; partition < 1_000; partition++) {
            take(read(partition, 40), 0);
        }
        assertEquals(2, submitted.size());
        for (int done = 0; done < 1_000; done++) {
            assertEquals(Math.min(done + 2, 1_000), submitted.size());
            answer(submitted.get(done));
            credit.goOn(0);
        }
        assertEquals(1_000, submitted.size());
        assertEquals(0, credit.waiting());
    }

    @Test
    void what_waits_for_the_gateway_takes_room() {
        take(read(1, 40), 61);
        assertEquals(0, submitted.size());
        credit.goOn(60);
        assertEquals(1, submitted.size());
    }

    @Test
    void one_read_larger_than_the_bound_goes_out_alone() {
        take(read(1, 1_000), 0);
        take(read(2, 1_000), 0);
        assertEquals(1, submitted.size());
        answer(submitted.getFirst());
        credit.goOn(0);
        assertEquals(2, submitted.size());
    }
}
