package io.ackgate.replication.wire;

import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One or more of everything that can be said, at the edges of what its numbers can be. */
final class Samples {
    static final PartitionId PARTITION =
            new PartitionId(new TopicId(0x8000_0000_0000_0001L, -2L), Integer.MAX_VALUE);
    private static final Incarnation INCARNATION = Incarnation.of(Integer.MAX_VALUE, -1);

    private Samples() {}

    static List<StorageRequest> requests() {
        List<StorageRequest> all = new ArrayList<>();
        ReplicaSettings odd = new ReplicaSettings(Durability.PAGE_CACHE, 1024, 2, -1, 1L << 40, 1);
        all.add(new StorageRequest.Fence(PARTITION, 1));
        all.add(
                new StorageRequest.Assign(
                        PARTITION,
                        Integer.MAX_VALUE,
                        INCARNATION,
                        ReplicaSettings.DEFAULTS,
                        false));
        all.add(new StorageRequest.Assign(PARTITION, 1, Incarnation.of(1, 0), odd, true));
        all.add(new StorageRequest.Reconcile(PARTITION, 2, INCARNATION, Long.MAX_VALUE));
        all.add(
                new StorageRequest.TruncateFullyAndStartAt(
                        PARTITION, 2, INCARNATION, 0, KnownProducers.NOBODY));
        ProducerEntry.Batch batch = new ProducerEntry.Batch(7, 9, 5, 3, -77);
        all.add(
                new StorageRequest.TruncateFullyAndStartAt(
                        PARTITION,
                        2,
                        INCARNATION,
                        8,
                        new KnownProducers(
                                3,
                                List.of(
                                        new ProducerEntry(
                                                4, (short) 1, true, 2, List.of(batch))))));
        all.add(new StorageRequest.Append(PARTITION, 3, bytes(1000), 7));
        all.add(new StorageRequest.Append(PARTITION, 3, bytes(0), 0));
        all.add(new StorageRequest.AdvanceHighWatermark(PARTITION, 3, Long.MAX_VALUE));
        all.add(new StorageRequest.Read(PARTITION, 3, -1, 5, Integer.MAX_VALUE, Long.MAX_VALUE));
        all.add(new StorageRequest.ListOffset(PARTITION, 3, 9, -1));
        all.add(new StorageRequest.ReadProducers(PARTITION, 3, Long.MIN_VALUE));
        all.add(new StorageRequest.Configure(PARTITION, 3, odd));
        all.add(new StorageRequest.Delete(PARTITION, 3));
        return all;
    }

    static List<StorageAnswer> answers() {
        List<StorageAnswer> all = new ArrayList<>();
        EpochChain chain =
                EpochChain.of(
                        List.of(
                                new EpochChain.Link(0, 0),
                                new EpochChain.Link(4, 1),
                                new EpochChain.Link(Integer.MAX_VALUE, Long.MAX_VALUE)));
        all.add(new StorageAnswer.Fenced(PARTITION, 4, INCARNATION, 1, Long.MAX_VALUE, 17, chain));
        all.add(
                new StorageAnswer.Fenced(
                        PARTITION, 4, Incarnation.NONE, 0, 0, 0, EpochChain.EMPTY));
        all.add(new StorageAnswer.Missing(PARTITION, 4));
        for (StorageAnswer.Fault fault : StorageAnswer.Fault.values()) {
            all.add(new StorageAnswer.Faulty(PARTITION, 4, INCARNATION, fault, "löst"));
            all.add(new StorageAnswer.Damaged(PARTITION, 4, INCARNATION, fault, "at byte 7"));
        }
        all.add(new StorageAnswer.Whole(PARTITION, 4, INCARNATION));
        all.add(new StorageAnswer.Reconciled(PARTITION, 4, INCARNATION, 3));
        all.add(new StorageAnswer.Appended(PARTITION, 4, INCARNATION, Long.MAX_VALUE));
        for (StorageAnswer.Refusal reason : StorageAnswer.Refusal.values()) {
            all.add(new StorageAnswer.Refused(PARTITION, 4, reason, 7, Long.MAX_VALUE, ""));
        }
        for (StorageAnswer.ReadStatus status : StorageAnswer.ReadStatus.values()) {
            all.add(new StorageAnswer.Records(PARTITION, 4, 6, status, bytes(100_000), 1, 2));
            all.add(new StorageAnswer.OffsetListed(PARTITION, 4, 6, status, -1, -1));
        }
        ProducerEntry entry =
                new ProducerEntry(
                        Long.MAX_VALUE,
                        Short.MAX_VALUE,
                        false,
                        1,
                        List.of(
                                new ProducerEntry.Batch(
                                        Integer.MAX_VALUE, 1, 100, 3, Integer.MIN_VALUE),
                                new ProducerEntry.Batch(2, 2, 103, 1, 9)));
        all.add(
                new StorageAnswer.Producers(
                        PARTITION, 4, 6, 104, new KnownProducers(-1, List.of(entry, entry))));
        all.add(new StorageAnswer.Configured(PARTITION, 4));
        all.add(new StorageAnswer.Deleted(PARTITION, 4));
        return all;
    }

    /** Bytes that do not begin or end where their array does. */
    static ByteBuffer bytes(int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length + 20);
        for (int i = 0; i < bytes.capacity(); i++) {
            bytes.put(i, (byte) (i * 31));
        }
        return bytes.slice(3, length + 10).position(4).limit(4 + length);
    }

    /** Every record class of a sealed interface. */
    static Set<Class<?>> kinds(Class<?> sealed) {
        Set<Class<?>> kinds = new HashSet<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                kinds.addAll(kinds(permitted));
            } else if (permitted.isRecord()) {
                kinds.add(permitted);
            }
        }
        return kinds;
    }
}
