package io.ackgate.gateway.partition.leading;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.Sequence;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.producer.ProducerVerdict;
import java.nio.ByteBuffer;

/** What the producer of a batch is told when its sequences cannot be appended. */
final class SequenceRefusals {
    private SequenceRefusals() {}

    /**
     * The end of a request whose batch was not written.
     *
     * @param frame holds the batch, behind room for the frame header
     */
    public static ProduceOutcome.Failed of(
            ProducerVerdict.Refusal refusal, ByteBuffer frame, ReplicaSettings settings) {
        int at = frame.position();
        long producerId = BatchFrame.producerId(frame, at);
        int first = BatchFrame.baseSequence(frame, at);
        int last = Sequence.lastSequence(first, BatchFrame.recordsCount(frame, at));
        return switch (refusal) {
            case ProducerVerdict.OutOfOrder(int expected) ->
                    notWritten(
                            ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                            "producer %d sent sequences %d to %d, %d comes next: send the batch that is missing first, and a retry with the very records of its original"
                                    .formatted(producerId, first, last, expected));
            case ProducerVerdict.OtherRecords(var original) ->
                    notWritten(
                            ErrorCode.INVALID_RECORD,
                            "producer %d sent sequences %d to %d again with other records than those at offset %d: two callers share the producer id, or one built the batch anew; give each caller an id of its own, and retry with the same bytes"
                                    .formatted(producerId, first, last, original.baseOffset()));
            case ProducerVerdict.StaleEpoch(short current) ->
                    notWritten(
                            ErrorCode.INVALID_PRODUCER_EPOCH,
                            "producer %d sent epoch %d, a session with epoch %d has replaced it: stop this one, or ask for a producer id of its own"
                                    .formatted(
                                            producerId,
                                            BatchFrame.producerEpoch(frame, at),
                                            current));
            case ProducerVerdict.UnknownProducer unknown ->
                    notWritten(
                            ErrorCode.UNKNOWN_PRODUCER_ID,
                            "nothing is known of producer %d, which sent sequence %d: it never wrote here; ask for a new id and start at 0"
                                    .formatted(producerId, first));
            case ProducerVerdict.Forgotten(boolean beganWithWritten) ->
                    forgotten(producerId, first, beganWithWritten, settings);
            case ProducerVerdict.TooManyProducers(int max) ->
                    notWritten(
                            ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                            "producer %d is new here and %d producers are known already, as many as may be: use one producer id for many batches, or try again when one has been silent for producer.id.expiration.ms=%d"
                                    .formatted(
                                            producerId, max, settings.producerExpirationMillis()));
        };
    }

    private static ProduceOutcome.Failed forgotten(
            long producerId, int first, boolean beganWithWritten, ReplicaSettings settings) {
        String silence =
                "producer %d was silent for more than producer.id.expiration.ms=%d and has been forgotten; "
                        .formatted(producerId, settings.producerExpirationMillis());
        return beganWithWritten
                ? new ProduceOutcome.Failed(
                        ErrorCode.UNKNOWN_PRODUCER_ID,
                        WriteStatus.MAY_HAVE_BEEN_WRITTEN,
                        silence
                                + "its sequence %d was written before: look whether these records are there before they are sent under a new id"
                                        .formatted(first))
                : notWritten(
                        ErrorCode.UNKNOWN_PRODUCER_ID,
                        silence
                                + "its sequence %d was not taken: ask for a new id and start at 0"
                                        .formatted(first));
    }

    private static ProduceOutcome.Failed notWritten(ErrorCode error, String detail) {
        return new ProduceOutcome.Failed(error, WriteStatus.NOT_WRITTEN, detail);
    }
}
