package io.ackgate.storage.engine;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest.Append;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.log.DamagedLogException;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Appending: the hot path. */
final class Appends {
    private final EngineContext context;

    Appends(EngineContext context) {
        this.context = context;
    }

    void append(
            Replica replica, StreamSession session, Append append, long nowMillis, Answers out) {
        int epoch = append.epoch();
        if (!mayAppend(replica, session, append, out)) {
            return;
        }
        ByteBuffer frame = append.frame();
        int at = frame.position();
        PartitionLog log = replica.log();
        long baseOffset = BatchFrame.baseOffset(frame, at);
        if (baseOffset != log.logEnd()) {
            appendElsewhere(replica, session, append, baseOffset, out);
            return;
        }
        int origin = BatchFrame.leaderEpoch(frame, at);
        if (origin > epoch || origin < log.chain().lastEpoch()) {
            String detail = "batch of epoch %d after %s".formatted(origin, log.chain());
            replica.refuse(session, epoch, Refusal.CONFLICT, detail, out);
            return;
        }
        if (replica.journaled() && !context.journal().roomForAppend(frame)) {
            replica.refuse(session, epoch, context.lackOfRoom(), context.whyNoRoom(), out);
            return;
        }
        if (replica.journaled() && context.journalTooLong()) {
            String detail = "no checkpoint can be written, and the journal has got too long";
            replica.refuse(session, epoch, Refusal.DISK_FULL, detail, out);
            return;
        }
        try {
            log.append(
                    frame,
                    replica.settings().segmentBytes(),
                    replica.settings().segmentMillis(),
                    nowMillis);
        } catch (DiskFullException full) {
            String detail = String.valueOf(full.getMessage());
            replica.refuse(session, epoch, Refusal.DISK_FULL, detail, out);
            return;
        } catch (UnreachableFileException e) {
            replica.refuse(session, epoch, Refusal.STORAGE_ERROR, "writing: " + e, out);
            return;
        } catch (IOException e) {
            Fault fault = DamagedLogException.proves(e) ? Fault.CORRUPT : Fault.IO_ERROR;
            replica.fail(fault, "writing: " + e, out);
            return;
        }
        replica.raiseHighWatermark(append.highWatermark());
        if (replica.journaled()) {
            long highWatermark = replica.acknowledgedHighWatermark();
            context.journal().append(replica.partition(), highWatermark, frame);
            replica.highWatermarkSaved(highWatermark);
        }
        acknowledge(replica, session, out);
    }

    private boolean mayAppend(Replica replica, StreamSession session, Append append, Answers out) {
        int epoch = append.epoch();
        Refusal objection = replica.objection(session, epoch);
        String detail = "";
        if (objection == null && replica.faulty()) {
            replica.answerFaulty(session, epoch, out);
            return false;
        }
        if (objection == null && !replica.reconciled(session, epoch)) {
            objection = Refusal.NOT_RECONCILED;
        }
        if (objection == null) {
            detail = defect(replica.partition(), append.frame());
            objection = detail == null ? null : Refusal.CORRUPT_FRAME;
        }
        if (objection != null) {
            replica.refuse(session, epoch, objection, detail == null ? "" : detail, out);
        }
        return objection == null;
    }

    /** What is wrong with a frame; null if it is whole and of this partition. */
    private @Nullable String defect(PartitionId partition, ByteBuffer frame) {
        int at = frame.position();
        int length = frame.remaining();
        if (length > context.settings().maxFrameBytes()) {
            return length + " bytes exceed " + context.settings().maxFrameBytes();
        }
        switch (BatchFrame.verify(frame, at)) {
            case FrameVerdict.Ok(int frameLength) -> {
                if (frameLength != length) {
                    return frameLength + " bytes in a buffer of " + length;
                }
            }
            case FrameVerdict.Incomplete(int needed) -> {
                return length + " bytes of " + needed;
            }
            case FrameVerdict.Corrupt(var _, String detail) -> {
                return detail;
            }
        }
        return partition.owns(frame, at) ? null : "a frame of another partition";
    }

    /**
     * A repeat of what is held is acknowledged again, whatever else is not at the log end refused.
     */
    private void appendElsewhere(
            Replica replica, StreamSession session, Append append, long baseOffset, Answers out) {
        int epoch = append.epoch();
        if (baseOffset > replica.log().logEnd()) {
            replica.refuse(session, epoch, Refusal.GAP, "", out);
            return;
        }
        Integer held;
        try {
            held = replica.log().frameCrcAt(baseOffset);
        } catch (IOException e) {
            String what = "looking for offset " + baseOffset;
            Unreadable.answer(context, replica, session, epoch, what, e, out);
            return;
        }
        ByteBuffer frame = append.frame();
        if (held != null && held == BatchFrame.frameCrc(frame, frame.position())) {
            replica.raiseHighWatermark(append.highWatermark());
            acknowledge(replica, session, out);
        } else {
            replica.refuse(
                    session, epoch, Refusal.CONFLICT, "another batch stands at " + baseOffset, out);
        }
    }

    private void acknowledge(Replica replica, StreamSession session, Answers out) {
        if (replica.acknowledgedBySync()) {
            context.acknowledgeWhenDurable(replica, session, out);
        } else {
            context.acknowledgeAtFlush(replica, session);
        }
    }
}
