package io.ackgate.storage.engine;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds what a start found against what it may have found, and goes on from there. */
final class RandomLifeCheck {
    private final EngineDriver node;
    private final StreamSession session;
    private final boolean powerLost;

    RandomLifeCheck(EngineDriver node, StreamSession session, boolean powerLost) {
        this.node = node;
        this.session = session;
        this.powerLost = powerLost;
    }

    void check(
            Map<PartitionId, LogModel> models,
            Map<PartitionId, ReplicaSettings> settings,
            Map<PartitionId, Long> highWatermarks) {
        if (!node.engine.notes().isEmpty()) {
            throw new AssertionError("found " + node.engine.notes());
        }
        for (Map.Entry<PartitionId, LogModel> entry : models.entrySet()) {
            PartitionId partition = entry.getKey();
            LogModel.State found = check(partition, entry.getValue());
            ReplicaStatus status = node.engine.describe(partition);
            if (status != null) {
                highWatermarks.put(partition, status.highWatermark());
                ReplicaSettings before = settings.get(partition);
                if (before != null) {
                    settings.put(partition, with(before, status.durability()));
                }
            }
            entry.setValue(new LogModel(found));
        }
    }

    private static ReplicaSettings with(ReplicaSettings settings, Durability durability) {
        return new ReplicaSettings(
                durability,
                settings.segmentBytes(),
                settings.segmentMillis(),
                settings.retentionMillis(),
                settings.retentionBytes(),
                settings.producerExpirationMillis());
    }

    private LogModel.State check(PartitionId partition, LogModel model) {
        ReplicaStatus status = node.engine.describe(partition);
        if (status == null) {
            if (model.possible().stream().allMatch(LogModel.State::exists)) {
                throw new AssertionError(partition + " is gone, of " + model.possible());
            }
            return new LogModel().last();
        }
        boolean voided = powerLost && status.durability() == Durability.PAGE_CACHE;
        int epoch = status.epoch() + 1;
        Incarnation incarnation = status.incarnation();
        if (incarnation.equals(Incarnation.NONE)) {
            if (!voided) {
                throw new AssertionError(partition + " lost its incarnation: " + status);
            }
            incarnation = Incarnation.of(epoch, 9);
            node.ask(
                    session,
                    new StorageRequest.Assign(
                            partition, epoch, incarnation, EngineDriver.PAGE_CACHE, true));
        } else {
            node.ask(session, new StorageRequest.Fence(partition, epoch));
        }
        node.ask(
                session,
                new StorageRequest.Reconcile(partition, epoch, incarnation, status.logEnd()));
        LogModel.State found = read(partition, status, epoch);
        new TimestampCheck(node, session, partition, epoch).check(status);
        new ProducersCheck(node, session, partition, epoch).check(status);
        boolean expected =
                voided
                        ? model.ever().stream().anyMatch(s -> s.exists() && isPrefix(found, s))
                        : model.possible().stream().anyMatch(s -> matches(status, found, s));
        if (!expected) {
            throw new AssertionError(
                    partition
                            + " is "
                            + status
                            + " holding "
                            + found
                            + "\n  possible: "
                            + model.possible());
        }
        return new LogModel.State(
                true,
                epoch,
                incarnation,
                found.start(),
                found.frames(),
                found.bases(),
                found.end());
    }

    private static boolean matches(
            ReplicaStatus status, LogModel.State found, LogModel.State state) {
        return state.exists()
                && status.epoch() == state.epoch()
                && status.incarnation().equals(state.incarnation())
                && status.logEnd() == state.end()
                && found.frames().equals(from(state, found.start()));
    }

    private static boolean isPrefix(LogModel.State found, LogModel.State state) {
        List<String> wanted = from(state, found.start());
        return found.frames().size() <= wanted.size()
                && found.frames().equals(wanted.subList(0, found.frames().size()));
    }

    /** Retention may have taken some of the oldest. */
    private static List<String> from(LogModel.State state, long start) {
        int first = 0;
        while (first < state.bases().size() && state.bases().get(first) < start) {
            first++;
        }
        return state.frames().subList(first, state.frames().size());
    }

    private LogModel.State read(PartitionId partition, ReplicaStatus status, int epoch) {
        List<String> frames = new ArrayList<>();
        List<Long> bases = new ArrayList<>();
        long next = status.logStart();
        while (next < status.logEnd()) {
            StorageAnswer answer =
                    node.ask(
                            session,
                            new StorageRequest.Read(
                                    partition, epoch, 1, next, 3000, Long.MAX_VALUE));
            ByteBuffer some = ((StorageAnswer.Records) answer).frames();
            if (!some.hasRemaining()) {
                throw new AssertionError("reading " + next + " of " + status + ": " + answer);
            }
            for (int at = some.position();
                    at < some.limit();
                    at += BatchFrame.frameLength(some, at)) {
                frames.add(Frames.identity(some, at));
                bases.add(BatchFrame.baseOffset(some, at));
                next = BatchFrame.lastOffset(some, at) + 1;
            }
        }
        return new LogModel.State(
                true,
                epoch,
                status.incarnation(),
                status.logStart(),
                frames,
                bases,
                status.logEnd());
    }
}
