package io.ackgate.gateway.partition.leading;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.PartitionInput.Produce;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.ProduceStep;
import io.ackgate.gateway.partition.acks.AckTracker;
import io.ackgate.gateway.partition.replicas.Replication;
import io.ackgate.gateway.partition.replicas.RetainedLog;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.producer.ProducerTable;
import io.ackgate.storage.producer.ProducerVerdict;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Takes batches in: deduplicates first, then checks what acks asks for, then assigns the offset.
 *
 * <p>The order matters. A retry whose original is in the log must never be told "not written",
 * whatever the ISR is now; and nothing is remembered of a batch before it is in the log.
 */
final class Sequencer {
    private final Context context;
    private final int epoch;
    private final Replication replication;
    private final ProducerTable producers;
    private final AckTracker acks;
    private final AppendClock clock = new AppendClock();

    /**
     * Takes batches in from now on.
     *
     * @param producers as the leader's log tells them, up to the end of that log
     */
    Sequencer(
            Context context,
            int epoch,
            Replication replication,
            ProducerTable producers,
            AckTracker acks) {
        this.context = context;
        this.epoch = epoch;
        this.replication = replication;
        this.producers = producers;
        this.acks = acks;
        clock.notBefore(producers.lastAppendMillis());
    }

    public List<ProducerEntry> producers() {
        return producers.live();
    }

    public void produce(Produce produce) {
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
                awaitOriginal(produce, original.baseOffset(), original.endOffset());
            }
            case ProducerVerdict.OldDuplicate(var oldestKnown) -> {
                context.happened(new PartitionEvent.DuplicateFound(producerId));
                awaitOriginal(produce, -1, oldestKnown.endOffset());
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
        if (produce.acks() == Acks.ALL && !acks.enoughReplicas()) {
            refuse(
                    produce,
                    ErrorCode.NOT_ENOUGH_REPLICAS,
                    acks.notEnough() + "; not written, try again when replicas are back");
            return;
        }
        RetainedLog log = replication.log();
        // One batch is always taken, or one that is larger than the bound would be refused for
        // ever.
        if (log.bytes() > 0
                && log.bytes() + produce.frame().remaining() > settings.maxPendingBytes()) {
            refuse(
                    produce,
                    ErrorCode.THROTTLING_QUOTA_EXCEEDED,
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
        acks.await(produce, entry.baseOffset(), entry.endOffset(), false);
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
    private void awaitOriginal(Produce produce, long baseOffset, long endOffset) {
        if (produce.acks() == Acks.NONE) {
            context.complete(produce.token(), new ProduceOutcome.Accepted());
            return;
        }
        acks.await(produce, baseOffset, endOffset, true);
        acks.answer();
    }

    private void refuse(Produce produce, ErrorCode error, String detail) {
        context.fail(produce.token(), error, WriteStatus.NOT_WRITTEN, detail);
    }
}
