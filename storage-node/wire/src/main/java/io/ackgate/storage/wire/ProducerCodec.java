package io.ackgate.storage.wire;

import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.v1.ProducerBatch;
import java.util.ArrayList;
import java.util.List;

/** {@link ProducerEntry} to its message and back. */
final class ProducerCodec {
    private ProducerCodec() {}

    static List<io.ackgate.storage.v1.ProducerEntry> encode(List<ProducerEntry> entries) {
        List<io.ackgate.storage.v1.ProducerEntry> messages = new ArrayList<>(entries.size());
        for (ProducerEntry entry : entries) {
            io.ackgate.storage.v1.ProducerEntry.Builder message =
                    io.ackgate.storage.v1.ProducerEntry.newBuilder()
                            .setProducerId(entry.producerId())
                            .setProducerEpoch(entry.producerEpoch())
                            .setLastTimestampMillis(entry.lastTimestampMillis());
            for (ProducerEntry.Batch batch : entry.batches()) {
                message.addBatches(
                        ProducerBatch.newBuilder()
                                .setFirstSequence(batch.firstSequence())
                                .setLastSequence(batch.lastSequence())
                                .setBaseOffset(batch.baseOffset())
                                .setRecordCount(batch.recordCount()));
            }
            messages.add(message.build());
        }
        return messages;
    }

    static List<ProducerEntry> decode(List<io.ackgate.storage.v1.ProducerEntry> messages)
            throws MalformedMessageException {
        List<ProducerEntry> entries = new ArrayList<>(messages.size());
        for (io.ackgate.storage.v1.ProducerEntry message : messages) {
            entries.add(decode(message));
        }
        return List.copyOf(entries);
    }

    private static ProducerEntry decode(io.ackgate.storage.v1.ProducerEntry message)
            throws MalformedMessageException {
        int epoch = message.getProducerEpoch();
        if (epoch < 0 || epoch > Short.MAX_VALUE) {
            throw new MalformedMessageException(
                    "producer_epoch is " + epoch + " and must be 0 to " + Short.MAX_VALUE);
        }
        int count = message.getBatchesCount();
        if (count < 1 || count > ProducerEntry.WINDOW) {
            throw new MalformedMessageException(
                    "producer %d has %d batches and must have 1 to %d"
                            .formatted(message.getProducerId(), count, ProducerEntry.WINDOW));
        }
        List<ProducerEntry.Batch> batches = new ArrayList<>(count);
        for (ProducerBatch batch : message.getBatchesList()) {
            batches.add(
                    new ProducerEntry.Batch(
                            batch.getFirstSequence(),
                            batch.getLastSequence(),
                            batch.getBaseOffset(),
                            batch.getRecordCount()));
        }
        return new ProducerEntry(
                message.getProducerId(), (short) epoch, message.getLastTimestampMillis(), batches);
    }
}
