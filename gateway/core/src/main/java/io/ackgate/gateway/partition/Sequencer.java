package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.ReplicaRef;
import io.ackgate.gateway.partition.PartitionInput.Produce;
import io.ackgate.gateway.partition.ProduceWaiters.Waiter;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.producer.ProducerTable;
import io.ackgate.storage.producer.ProducerVerdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes batches in: deduplicates first, then checks what acks asks for, then assigns the offset.
 *
 * <p>The order matters. A retry whose original is in the log must never be told "not written",
 * whatever the ISR is now; and nothing is remembered of a batch before it is in the log.
 */
final class Sequencer {
    private final Context context;
    private final int epoch;
    private final IsrState isr;
    private final Replication replication;
    private final ProducerTable producers = new ProducerTable();
    private final ProduceWaiters waiters;
    private final AppendClock clock = new AppendClock();
    private boolean restored;

    Sequencer(Context context, int epoch, IsrState isr, Replication replication) {
        this.context = context;
        this.epoch = epoch;
        this.isr = isr;
        this.replication = replication;
        this.waiters = new ProduceWaiters(context);
    }

    /** Takes the producer table as the leader's log tells it, up to the end of that log. */
    void restore(KnownProducers known) {
        producers.restore(known);
        clock.notBefore(producers.lastAppendMillis());
        restored = true;
    }

    List<ProducerEntry> producers() {
        return producers.live();
    }

    /** What the log below an offset tells of producers; null while the leader has not told. */
    @Nullable KnownProducers producersBelow(long offset) {
        if (!restored) {
            return null;
        }
        KnownProducers known = producers.known();
        List<ProducerEntry> below = new ArrayList<>();
        for (ProducerEntry entry : known.entries()) {
            List<ProducerEntry.Batch> batches =
                    entry.batches().stream().filter(b -> b.baseOffset() < offset).toList();
            if (!batches.isEmpty()) {
                // Where even the oldest of its window is above, the log itself tells all of it.
                below.add(
                        new ProducerEntry(
                                entry.producerId(),
                                entry.producerEpoch(),
                                entry.wrappedBefore(),
                                entry.lastAppendMillis(),
                                batches));
            }
        }
        return new KnownProducers(known.forgottenUpTo(), below);
    }

    void produce(Produce produce) {
        ByteBuffer frame = produce.frame();
        long producerId = BatchFrame.producerId(frame, frame.position());
        if (producerId == RecordBatch.NO_PRODUCER_ID) {
            append(produce);
            return;
        }
        producers.expire(
                appendMillis(produce) - context.settings.replica().producerExpirationMillis());
        switch (producers.check(frame, frame.position())) {
            case ProducerVerdict.Next next -> append(produce);
            case ProducerVerdict.Duplicate(var original) -> {
                context.happened(new PartitionEvent.DuplicateFound(producerId));
                join(produce, original.baseOffset(), original.endOffset());
            }
            case ProducerVerdict.OldDuplicate(var oldestKnown) -> {
                context.happened(new PartitionEvent.DuplicateFound(producerId));
                join(produce, -1, oldestKnown.endOffset());
            }
            case ProducerVerdict.Refusal refusal ->
                    context.complete(
                            produce.token(),
                            SequenceRefusals.of(refusal, frame, context.settings.replica()));
        }
    }

    private long appendMillis(Produce produce) {
        return clock.millis(produce.wallMillis(), context.now);
    }

    private void append(Produce produce) {
        PartitionSettings settings = context.settings;
        if (produce.acks() == Acks.ALL && isr.committedSize() < settings.minInsyncReplicas()) {
            refuse(
                    produce,
                    ProduceError.NOT_ENOUGH_REPLICAS,
                    notEnough() + "; not written, try again when replicas are back");
            return;
        }
        RetainedLog log = replication.log();
        // One batch is always taken, or one that is larger than the bound would be refused for
        // ever.
        if (log.bytes() > 0
                && log.bytes() + produce.frame().remaining() > settings.maxPendingBytes()) {
            refuse(
                    produce,
                    ProduceError.THROTTLING_QUOTA_EXCEEDED,
                    "%d bytes wait for the replicas of %s, %d are allowed; try again later"
                            .formatted(log.bytes(), context.id, settings.maxPendingBytes()));
            return;
        }
        RetainedLog.Entry entry = stamp(produce.frame(), log.end(), appendMillis(produce));
        producers.appended(entry.frame(), entry.frame().position());
        replication.append(entry);
        if (produce.acks() == Acks.NONE) {
            context.complete(produce.token(), new ProduceOutcome.Accepted());
            return;
        }
        if (produce.tracked()) {
            context.emit(
                    new PartitionEffect.Progress(
                            produce.token(), new ProduceStep.Queued(entry.baseOffset(), epoch)));
        }
        await(produce, entry.baseOffset(), entry.endOffset(), false);
    }

    private RetainedLog.Entry stamp(ByteBuffer frame, long baseOffset, long appendMillis) {
        BatchFrame.stampInPlace(
                frame,
                context.id.topic().high(),
                context.id.topic().low(),
                context.id.partition(),
                baseOffset,
                epoch,
                appendMillis);
        long endOffset = BatchFrame.lastOffset(frame, frame.position()) + 1;
        return new RetainedLog.Entry(baseOffset, endOffset, frame);
    }

    /** A retry waits for what its original waits for. */
    private void join(Produce produce, long baseOffset, long endOffset) {
        if (produce.acks() == Acks.NONE) {
            context.complete(produce.token(), new ProduceOutcome.Accepted());
            return;
        }
        await(produce, baseOffset, endOffset, true);
        answer();
    }

    private void await(Produce produce, long baseOffset, long endOffset, boolean duplicate) {
        waiters.add(
                new Waiter(
                        produce.token(),
                        produce.acks(),
                        produce.deadlineNanos(),
                        baseOffset,
                        endOffset,
                        duplicate),
                produce.tracked());
    }

    /** Ends the waits that are fulfilled by now. */
    void answer() {
        waiters.committed(replication.highWatermark(), this::written);
        if (!isr.leaderChanging()) {
            waiters.persistedByLeader(replication.leader().logEnd, this::written);
        }
    }

    void persisted(ReplicaProgress replica) {
        waiters.persisted(replica.node, replica == replication.leader(), replica.logEnd);
    }

    private ProduceOutcome written(Waiter waiter) {
        List<NodeId> holders = new ArrayList<>(3);
        for (ReplicaProgress replica : replication.replicas()) {
            if (replica.logEnd >= waiter.endOffset()) {
                holders.add(replica.node);
            }
        }
        return new ProduceOutcome.Written(
                waiter.baseOffset(), epoch, holders, isr.committedSize(), waiter.duplicate());
    }

    /** Ends the waits that a shrunk ISR cannot fulfil. */
    void isrChanged() {
        if (isr.committedSize() < context.settings.minInsyncReplicas()) {
            waiters.notEnoughReplicas(
                    notEnough() + " since the append; a retry with the same sequence is safe");
        }
    }

    private String notEnough() {
        return "%s has %d in-sync replicas %s, min.insync.replicas is %d"
                .formatted(
                        context.id,
                        isr.committedSize(),
                        isr.committed().isr().stream().map(ReplicaRef::node).toList(),
                        context.settings.minInsyncReplicas());
    }

    private void refuse(Produce produce, ProduceError error, String detail) {
        context.fail(produce.token(), error, WriteStatus.NOT_WRITTEN, detail);
    }

    void tick() {
        waiters.expire(
                "the acknowledgements that acks asks for did not arrive in time; the batch stays in the log of %s, a retry with the same sequence is safe"
                        .formatted(context.id));
    }

    /** Nobody waits for the answer any more; what is in the log stays there. */
    boolean cancel(long token) {
        return waiters.cancel(token);
    }

    /** When a wait for acknowledgement ends; {@link Long#MAX_VALUE} when there is none. */
    long nextDue() {
        return waiters.nextDeadline();
    }

    int pendingRequests() {
        return waiters.size();
    }

    void stop(String reason) {
        waiters.stop(reason);
    }
}
