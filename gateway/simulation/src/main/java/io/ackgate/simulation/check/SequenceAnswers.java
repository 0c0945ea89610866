package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionStatus;

/**
 * What must be true when an owner refuses a batch for its sequences, or for what it knows of it.
 */
final class SequenceAnswers {
    private SequenceAnswers() {}

    /** An owner ends an attempt as failed, whatever became of the batch. */
    static void failed(
            PartitionWatch watch,
            GatewaySession gateway,
            Batch batch,
            ErrorCode error,
            PartitionStatus status) {
        PartitionState state = status.state();
        if (!batch.producer().isIdempotent()
                || state == null
                || status.phase() != PartitionStatus.Phase.SERVING
                || watch.anyDecayed()) {
            return;
        }
        switch (error) {
            case UNKNOWN_PRODUCER_ID -> unknown(watch, gateway, batch, status, state.leaderEpoch());
            case OUT_OF_ORDER_SEQUENCE_NUMBER -> comesNext(watch, batch, error, status);
            default -> {
                // Says nothing of what the owner knows of the producer.
            }
        }
    }

    private static void unknown(
            PartitionWatch watch,
            GatewaySession gateway,
            Batch batch,
            PartitionStatus status,
            int epoch) {
        Sequences sequences = watch.truth().sequences();
        if (sequences.expire()) {
            Placement last = sequences.last(batch.producer());
            // An owner that does not name the end of its log has batches that nobody has seen yet.
            if (last != null
                    && status.logEnd() >= 0
                    && watch.owners().hasCommitted(gateway, epoch, last.endOffset())) {
                watch.silences().forgotten(epoch, last, status.logEnd());
            }
            return;
        }
        long knownFrom = sequences.knownFrom(batch.producer());
        unless(
                knownFrom < 0 || !watch.owners().hasCommitted(gateway, epoch, knownFrom),
                Invariant.PRODUCERS_ARE_REMEMBERED,
                () ->
                        "%s does not know the producer of %s, which committed a batch below %d"
                                .formatted(gateway, batch, knownFrom));
        comesNext(watch, batch, ErrorCode.UNKNOWN_PRODUCER_ID, status);
    }

    /** An owner whose whole log is what is committed knows what comes next. */
    private static void comesNext(
            PartitionWatch watch, Batch batch, ErrorCode error, PartitionStatus status) {
        long end = watch.truth().end();
        int expected = watch.truth().sequences().expected(batch.producer());
        unless(
                status.highWatermark() != end
                        || status.logEnd() != end
                        || expected != batch.producer().sequence(),
                Invariant.WHAT_COMES_NEXT_IS_TAKEN,
                () ->
                        "%s is refused with %s, it comes next after all that is in the log [.., %d)"
                                .formatted(batch, error, end));
    }
}
