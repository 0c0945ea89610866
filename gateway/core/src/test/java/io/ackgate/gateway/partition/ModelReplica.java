package io.ackgate.gateway.partition;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.FrameVerdict;
import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.producer.ProducerTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partition replica as the contract of {@code io.ackgate.storage.api} has it, in the fewest
 * words: a list of frames, of which the first {@link #synced} are durable.
 */
final class ModelReplica {
    final PartitionId id;
    final List<ByteBuffer> frames = new ArrayList<>();
    int synced;
    int epoch;
    long stream;
    boolean reconciled;
    Incarnation incarnation = Incarnation.NONE;
    boolean exists;
    long logStart;
    KnownProducers producersBelow = KnownProducers.NOBODY;
    long highWatermark;
    boolean diskFull;

    /** What it was last told to keep to; null if nothing. */
    @Nullable ReplicaSettings settings;

    /** A read ends where a segment of so many offsets does. */
    long segmentRecords = Long.MAX_VALUE;

    /** Whether what is read fails its checksum. */
    boolean rotten;

    /** Whether its node knows that a part of the log is lost. */
    boolean damaged;

    /** What is found for any timestamp. */
    long foundOffset = -1;

    /** Every read that was asked for. */
    final List<StorageRequest.Read> reads = new ArrayList<>();

    StorageAnswer.@Nullable Fault fault;

    /** How it refuses each fence; null if it does not. */
    @Nullable Refusal refusal;

    /** Whether its disk does not answer. */
    boolean unreadable;

    /** The batch at which alone it does not; -1 if there is none. */
    long badOffset = -1;

    ModelReplica(PartitionId id) {
        this.id = id;
    }

    /** Loses what was not synced, and the session. */
    void crash() {
        while (frames.size() > synced) {
            frames.remove(frames.size() - 1);
        }
        highWatermark = Math.min(highWatermark, logEnd());
        stream = 0;
        reconciled = false;
    }

    /** Loses everything but its name. */
    void wipe() {
        crash();
        frames.clear();
        damaged = false;
        synced = 0;
        exists = false;
        epoch = 0;
        incarnation = Incarnation.NONE;
        logStart = 0;
        producersBelow = KnownProducers.NOBODY;
        highWatermark = 0;
    }

    long logEnd() {
        return frames.isEmpty()
                ? logStart
                : BatchFrame.lastOffset(frames.get(frames.size() - 1), 0) + 1;
    }

    EpochChain chain() {
        EpochChain chain = EpochChain.EMPTY;
        for (ByteBuffer frame : frames) {
            chain = chain.append(BatchFrame.leaderEpoch(frame, 0), BatchFrame.baseOffset(frame, 0));
        }
        return chain;
    }

    /** Makes everything durable; the acknowledgement that this allows, if any. */
    @Nullable StorageAnswer sync() {
        if (synced == frames.size()) {
            return null;
        }
        synced = frames.size();
        return reconciled ? new StorageAnswer.Appended(id, epoch, incarnation, logEnd()) : null;
    }

    List<StorageAnswer> handle(StorageRequest request, long onStream) {
        if (request instanceof StorageRequest.AdvanceHighWatermark advance) {
            if (reconciled && onStream == stream && advance.epoch() == epoch) {
                highWatermark =
                        Math.max(highWatermark, Math.min(advance.highWatermark(), logEnd()));
            }
            return List.of();
        }
        if (request.epoch() < epoch) {
            return List.of(refused(request, Refusal.STALE_EPOCH));
        }
        return switch (request) {
            case StorageRequest.Fence fence -> fence(fence, onStream);
            case StorageRequest.Assign assign -> assign(assign, onStream);
            case StorageRequest.Reconcile reconcile ->
                    reconcile(reconcile, reconcile.truncateTo(), onStream);
            case StorageRequest.TruncateFullyAndStartAt truncate -> truncateFully(truncate);
            case StorageRequest.Append append -> append(append, onStream);
            case StorageRequest.Read read -> List.of(read(read));
            case StorageRequest.ReadProducers read -> List.of(producers(read));
            case StorageRequest.ListOffset find ->
                    List.of(
                            new StorageAnswer.OffsetListed(
                                    id,
                                    find.epoch(),
                                    find.requestId(),
                                    reconciled
                                            ? StorageAnswer.ReadStatus.OK
                                            : StorageAnswer.ReadStatus.NOT_AVAILABLE,
                                    foundOffset,
                                    foundOffset < 0 ? -1 : find.timestampMillis()));
            case StorageRequest.Configure configure -> {
                settings = configure.settings();
                yield List.of(new StorageAnswer.Configured(id, configure.epoch()));
            }
            case StorageRequest.Delete delete -> {
                wipe();
                yield List.of(new StorageAnswer.Deleted(id, delete.epoch()));
            }
            case StorageRequest.AdvanceHighWatermark advance -> List.of();
        };
    }

    private List<StorageAnswer> fence(StorageRequest.Fence fence, long onStream) {
        if (refusal != null) {
            return List.of(refused(fence, refusal));
        }
        if (!exists) {
            return List.of(new StorageAnswer.Missing(id, fence.epoch()));
        }
        if (fault != null) {
            return List.of(
                    new StorageAnswer.Faulty(id, fence.epoch(), incarnation, fault, "as told"));
        }
        return fenced(fence.epoch(), onStream);
    }

    private List<StorageAnswer> fenced(int newEpoch, long onStream) {
        epoch = newEpoch;
        stream = onStream;
        reconciled = false;
        synced = frames.size();
        return List.of(
                new StorageAnswer.Fenced(
                        id, epoch, incarnation, logStart, logEnd(), highWatermark, chain()));
    }

    private List<StorageAnswer> assign(StorageRequest.Assign assign, long onStream) {
        if (!exists && assign.keepLog()) {
            return List.of(new StorageAnswer.Missing(id, assign.epoch()));
        }
        if (!exists || !incarnation.equals(assign.incarnation())) {
            if (!assign.keepLog()) {
                wipe();
            }
            exists = true;
            fault = null;
            incarnation = assign.incarnation();
        }
        return fenced(assign.epoch(), onStream);
    }

    private List<StorageAnswer> reconcile(
            StorageRequest.Reconcile reconcile, long to, long onStream) {
        if (reconcile.epoch() > epoch) {
            return List.of(refused(reconcile, Refusal.NOT_FENCED));
        }
        if (onStream != stream) {
            return List.of(refused(reconcile, Refusal.STALE_SESSION));
        }
        if (to > logEnd() || to < highWatermark || (reconciled && to < logEnd())) {
            return List.of(refused(reconcile, Refusal.UNSAFE_TRUNCATION));
        }
        while (!frames.isEmpty() && logEnd() > to) {
            if (BatchFrame.leaderEpoch(frames.get(frames.size() - 1), 0) == reconcile.epoch()) {
                return List.of(refused(reconcile, Refusal.UNSAFE_TRUNCATION));
            }
            frames.remove(frames.size() - 1);
        }
        synced = frames.size();
        reconciled = true;
        StorageAnswer answer = new StorageAnswer.Reconciled(id, epoch, incarnation, logEnd());
        return damaged ? List.of(isDamaged(), answer) : List.of(answer);
    }

    /** What its node says in front of the answer to a reconcile. */
    private StorageAnswer isDamaged() {
        return new StorageAnswer.Damaged(
                id, epoch, incarnation, StorageAnswer.Fault.CORRUPT, "a bit");
    }

    private List<StorageAnswer> truncateFully(StorageRequest.TruncateFullyAndStartAt truncate) {
        frames.clear();
        synced = 0;
        logStart = truncate.startOffset();
        producersBelow = truncate.producers();
        reconciled = true;
        return List.of(new StorageAnswer.Reconciled(id, epoch, incarnation, logEnd()));
    }

    private List<StorageAnswer> append(StorageRequest.Append append, long onStream) {
        if (append.epoch() > epoch) {
            return List.of(refused(append, Refusal.NOT_FENCED));
        }
        if (onStream != stream || !reconciled) {
            return List.of(
                    refused(
                            append,
                            onStream != stream ? Refusal.STALE_SESSION : Refusal.NOT_RECONCILED));
        }
        if (diskFull) {
            return List.of(refused(append, Refusal.DISK_FULL));
        }
        ByteBuffer frame = append.frame().slice();
        if (!(BatchFrame.verify(frame, 0) instanceof FrameVerdict.Ok)) {
            return List.of(refused(append, Refusal.CORRUPT_FRAME));
        }
        if (BatchFrame.baseOffset(frame, 0) != logEnd()) {
            return List.of(refused(append, Refusal.GAP));
        }
        frames.add(frame);
        highWatermark = Math.max(highWatermark, Math.min(append.highWatermark(), logEnd()));
        return List.of();
    }

    private StorageAnswer read(StorageRequest.Read read) {
        reads.add(read);
        List<ByteBuffer> found = new ArrayList<>();
        int bytes = 0;
        long segment = -1;
        for (ByteBuffer frame : frames) {
            long base = BatchFrame.baseOffset(frame, 0);
            if (BatchFrame.lastOffset(frame, 0) < read.offset() || base >= read.upTo()) {
                continue;
            }
            segment = segment < 0 ? base / segmentRecords : segment;
            boolean fits = bytes == 0 || bytes + frame.remaining() <= read.maxBytes();
            if (!fits || base / segmentRecords != segment) {
                break;
            }
            found.add(frame);
            bytes += frame.remaining();
        }
        boolean bad =
                found.stream().anyMatch(frame -> BatchFrame.baseOffset(frame, 0) == badOffset);
        ByteBuffer answer = ByteBuffer.allocate(bytes);
        found.forEach(frame -> answer.put(frame.duplicate()));
        return new StorageAnswer.Records(
                id,
                read.epoch(),
                read.requestId(),
                bad ? StorageAnswer.ReadStatus.IO_ERROR : readStatus(),
                answer.flip(),
                logStart,
                logEnd());
    }

    private StorageAnswer.ReadStatus readStatus() {
        if (reconciled && unreadable) {
            return StorageAnswer.ReadStatus.IO_ERROR;
        }
        if (!reconciled) {
            return StorageAnswer.ReadStatus.NOT_AVAILABLE;
        }
        return rotten ? StorageAnswer.ReadStatus.CORRUPT : StorageAnswer.ReadStatus.OK;
    }

    private StorageAnswer producers(StorageRequest.ReadProducers read) {
        ProducerTable table = new ProducerTable();
        table.restore(producersBelow);
        for (ByteBuffer frame : frames) {
            table.appended(frame, 0);
        }
        return new StorageAnswer.Producers(
                id, read.epoch(), read.requestId(), logEnd(), table.known());
    }

    private StorageAnswer refused(StorageRequest request, Refusal reason) {
        return new StorageAnswer.Refused(id, request.epoch(), reason, epoch, logEnd(), "");
    }
}
