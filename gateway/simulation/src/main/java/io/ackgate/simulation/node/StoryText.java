package io.ackgate.simulation.node;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.nio.ByteBuffer;

/** Requests and answers as a story tells them: what matters of each, on one line. */
public final class StoryText {
    private StoryText() {}

    /** A request, with the stream that it came on. */
    public static String request(StreamSession from, StorageRequest request) {
        return "%s  p%d e%d %s"
                .formatted(
                        session(from),
                        request.partition().partition(),
                        request.epoch(),
                        body(request));
    }

    private static String session(StreamSession session) {
        return "[" + Long.toHexString(session.gateway()) + "/" + session.stream() + "]";
    }

    private static String body(StorageRequest request) {
        return switch (request) {
            case StorageRequest.Fence fence -> "Fence";
            case StorageRequest.Assign assign ->
                    "Assign %s%s"
                            .formatted(
                                    assign.incarnation(), assign.keepLog() ? ", keep the log" : "");
            case StorageRequest.Reconcile reconcile ->
                    "Reconcile "
                            + reconcile.incarnation()
                            + ", truncate to "
                            + reconcile.truncateTo();
            case StorageRequest.TruncateFullyAndStartAt truncate ->
                    "TruncateFullyAndStartAt "
                            + truncate.incarnation()
                            + " at "
                            + truncate.startOffset();
            case StorageRequest.Append append ->
                    "Append " + frame(append.frame()) + " hw " + append.highWatermark();
            case StorageRequest.AdvanceHighWatermark advance ->
                    "AdvanceHighWatermark " + advance.highWatermark();
            case StorageRequest.Read read ->
                    "Read #%d from %d up to %d"
                            .formatted(read.requestId(), read.offset(), read.upTo());
            case StorageRequest.ListOffset find -> "ListOffset #" + find.requestId();
            case StorageRequest.ReadProducers read -> "ReadProducers #" + read.requestId();
            case StorageRequest.Configure configure -> "Configure";
            case StorageRequest.Delete delete -> "Delete";
        };
    }

    private static String frame(ByteBuffer frame) {
        int at = frame.position();
        long base = BatchFrame.baseOffset(frame, at);
        long last = BatchFrame.lastOffset(frame, at);
        String origin = " of e" + BatchFrame.leaderEpoch(frame, at);
        String producer =
                BatchFrame.producerId(frame, at) < 0
                        ? ""
                        : " from p%d.%d#%d"
                                .formatted(
                                        BatchFrame.producerId(frame, at),
                                        BatchFrame.producerEpoch(frame, at),
                                        BatchFrame.baseSequence(frame, at));
        return base + (last > base ? ".." + last : "") + origin + producer;
    }

    /** An answer, with the stream that it goes back on. */
    public static String answer(StreamSession to, StorageAnswer answer) {
        return "%s  p%d e%d %s"
                .formatted(
                        session(to), answer.partition().partition(), answer.epoch(), body(answer));
    }

    /** An answer without its stream. */
    public static String body(StorageAnswer answer) {
        return switch (answer) {
            case StorageAnswer.Fenced fenced ->
                    "Fenced %s [%d, %d) hw %d chain %s"
                            .formatted(
                                    fenced.incarnation(),
                                    fenced.logStart(),
                                    fenced.logEnd(),
                                    fenced.highWatermark(),
                                    fenced.chain());
            case StorageAnswer.Missing missing -> "Missing";
            case StorageAnswer.Faulty faulty ->
                    "Faulty %s %s: %s"
                            .formatted(faulty.incarnation(), faulty.fault(), faulty.detail());
            case StorageAnswer.Damaged damaged ->
                    "Damaged %s %s: %s"
                            .formatted(damaged.incarnation(), damaged.fault(), damaged.detail());
            case StorageAnswer.Whole whole -> "Whole " + whole.incarnation();
            case StorageAnswer.Reconciled reconciled ->
                    "Reconciled " + reconciled.incarnation() + " up to " + reconciled.logEnd();
            case StorageAnswer.Appended appended -> "Appended up to " + appended.logEnd();
            case StorageAnswer.Refused refused ->
                    "Refused %s, holds epoch %d up to %d: %s"
                            .formatted(
                                    refused.reason(),
                                    refused.heldEpoch(),
                                    refused.logEnd(),
                                    refused.detail());
            case StorageAnswer.Records records ->
                    "Records #%d %s, %d bytes, log [%d, %d)"
                            .formatted(
                                    records.requestId(),
                                    records.status(),
                                    records.frames().remaining(),
                                    records.logStart(),
                                    records.logEnd());
            case StorageAnswer.OffsetListed found ->
                    "OffsetListed #" + found.requestId() + " " + found.offset();
            case StorageAnswer.Producers producers ->
                    "Producers #%d of %d, %d of them"
                            .formatted(
                                    producers.requestId(),
                                    producers.logEnd(),
                                    producers.known().entries().size());
            case StorageAnswer.Configured configured -> "Configured";
            case StorageAnswer.Deleted deleted -> "Deleted";
        };
    }
}
