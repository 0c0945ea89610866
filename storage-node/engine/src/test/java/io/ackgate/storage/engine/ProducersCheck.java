package io.ackgate.storage.engine;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.producer.ProducerTable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds what a replica knows of producers against a look at every batch that it holds. */
final class ProducersCheck {
    private final EngineDriver node;
    private final StreamSession session;
    private final PartitionId partition;
    private final int epoch;

    ProducersCheck(EngineDriver node, StreamSession session, PartitionId partition, int epoch) {
        this.node = node;
        this.session = session;
        this.partition = partition;
        this.epoch = epoch;
    }

    /**
     * What retention has taken away may be known too; but of what stands in the log everything is,
     * as far as batches are remembered, and of what does not stand there nothing.
     */
    void check(ReplicaStatus status) {
        Map<Long, ProducerEntry> held = new HashMap<>();
        replayed(status).live().forEach(entry -> held.put(entry.producerId(), entry));
        Map<Long, ProducerEntry> known = new HashMap<>();
        known().forEach(entry -> known.put(entry.producerId(), entry));
        for (ProducerEntry entry : held.values()) {
            ProducerEntry told = known.get(entry.producerId());
            boolean whole =
                    told != null
                            && told.producerEpoch() == entry.producerEpoch()
                            && told.lastAppendMillis() == entry.lastAppendMillis()
                            && from(told, status.logStart()).equals(entry.batches());
            require(whole, entry, known);
        }
        for (ProducerEntry entry : known.values()) {
            require(entry.last().endOffset() <= status.logEnd(), entry, held);
            boolean old = from(entry, status.logStart()).isEmpty();
            require(old || held.containsKey(entry.producerId()), entry, held);
        }
    }

    private void require(boolean right, ProducerEntry one, Map<Long, ProducerEntry> others) {
        if (!right) {
            throw new AssertionError(
                    "%s of %s does not fit what else is known: %s"
                            .formatted(one, partition, others));
        }
    }

    private static List<ProducerEntry.Batch> from(ProducerEntry entry, long logStart) {
        return entry.batches().stream().filter(one -> one.baseOffset() >= logStart).toList();
    }

    private List<ProducerEntry> known() {
        StorageAnswer answer =
                node.ask(session, new StorageRequest.ReadProducers(partition, epoch, 1));
        return ((StorageAnswer.Producers) answer).known().entries();
    }

    private ProducerTable replayed(ReplicaStatus status) {
        ProducerTable table = new ProducerTable();
        long next = status.logStart();
        while (next < status.logEnd()) {
            StorageAnswer answer =
                    node.ask(
                            session,
                            new StorageRequest.Read(
                                    partition, epoch, 1, next, 3000, Long.MAX_VALUE));
            ByteBuffer frames = ((StorageAnswer.Records) answer).frames();
            for (int at = frames.position();
                    at < frames.limit();
                    at += BatchFrame.frameLength(frames, at)) {
                table.appended(frames, at);
                next = BatchFrame.lastOffset(frames, at) + 1;
            }
        }
        return table;
    }
}
