package io.ackgate.replication.wire;

import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.v1.ProducerBatch;
import java.util.ArrayList;
import java.util.List;

/** {@link KnownProducers} to their message and back. */
final class ProducerCodec {
    private ProducerCodec() {}

    static io.ackgate.storage.v1.KnownProducers encode(KnownProducers known) {
        io.ackgate.storage.v1.KnownProducers.Builder all =
                io.ackgate.storage.v1.KnownProducers.newBuilder()
                        .setForgottenUpTo(known.forgottenUpTo());
        for (ProducerEntry entry : known.entries()) {
            io.ackgate.storage.v1.ProducerEntry.Builder message =
                    io.ackgate.storage.v1.ProducerEntry.newBuilder()
                            .setProducerId(entry.producerId())
                            .setProducerEpoch(entry.producerEpoch())
                            .setWrappedBefore(entry.wrappedBefore())
                            .setLastAppendMillis(entry.lastAppendMillis());
            for (ProducerEntry.Batch batch : entry.batches()) {
                message.addBatches(
                        ProducerBatch.newBuilder()
                                .setFirstSequence(batch.firstSequence())
                                .setLastSequence(batch.lastSequence())
                                .setBaseOffset(batch.baseOffset())
                                .setRecordCount(batch.recordCount())
                                .setRecordsCrc(batch.recordsCrc()));
            }
            all.addEntries(message);
        }
        return all.build();
    }

    static KnownProducers decode(io.ackgate.storage.v1.KnownProducers known)
            throws MalformedMessageException {
        List<ProducerEntry> entries = new ArrayList<>(known.getEntriesCount());
        for (io.ackgate.storage.v1.ProducerEntry message : known.getEntriesList()) {
            entries.add(decode(message));
        }
        return new KnownProducers(known.getForgottenUpTo(), entries);
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
                            batch.getRecordCount(),
                            batch.getRecordsCrc()));
        }
        return new ProducerEntry(
                message.getProducerId(),
                (short) epoch,
                message.getWrappedBefore(),
                message.getLastAppendMillis(),
                batches);
    }
}
