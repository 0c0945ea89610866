package io.ackgate.storage.engine;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What one replica may be after a crash: every state it went through from the one that was last
 * answered for to the one that was last asked for.
 */
final class LogModel {
    /**
     * A state.
     *
     * @param frames identities, from {@code start} on
     * @param bases base offset of each
     */
    record State(
            boolean exists,
            int epoch,
            Incarnation incarnation,
            long start,
            List<String> frames,
            List<Long> bases,
            long end) {}

    private record Asked(StorageRequest request, int state, boolean[] answered) {}

    private final List<State> states = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();
    private int answered;

    LogModel() {
        this(new State(false, 0, Incarnation.NONE, 0, List.of(), List.of(), 0));
    }

    LogModel(State found) {
        states.add(found);
    }

    State last() {
        return states.get(states.size() - 1);
    }

    /** States that are possible now. */
    List<State> possible() {
        return states.subList(answered, states.size());
    }

    List<State> ever() {
        return states;
    }

    void ask(StorageRequest request) {
        states.add(next(last(), request));
        asked.add(new Asked(request, states.size() - 1, new boolean[1]));
    }

    private static State next(State now, StorageRequest request) {
        return switch (request) {
            case StorageRequest.Fence fence ->
                    new State(
                            now.exists(),
                            fence.epoch(),
                            now.incarnation(),
                            now.start(),
                            now.frames(),
                            now.bases(),
                            now.end());
            case StorageRequest.Assign assign ->
                    assign.keepLog()
                            ? new State(
                                    true,
                                    assign.epoch(),
                                    assign.incarnation(),
                                    now.start(),
                                    now.frames(),
                                    now.bases(),
                                    now.end())
                            : empty(assign.epoch(), assign.incarnation(), 0);
            case StorageRequest.TruncateFullyAndStartAt truncate ->
                    empty(now.epoch(), now.incarnation(), truncate.startOffset());
            case StorageRequest.Reconcile reconcile -> cut(now, reconcile.truncateTo());
            case StorageRequest.Append append -> appended(now, append.frame());
            case StorageRequest.Delete _ ->
                    new State(false, 0, Incarnation.NONE, 0, List.of(), List.of(), 0);
            case StorageRequest.Configure _, StorageRequest.AdvanceHighWatermark _ -> now;
            case StorageRequest.Query _ -> now;
        };
    }

    private static State empty(int epoch, Incarnation incarnation, long start) {
        return new State(true, epoch, incarnation, start, List.of(), List.of(), start);
    }

    private static State cut(State now, long end) {
        List<String> frames = new ArrayList<>();
        List<Long> bases = new ArrayList<>();
        for (int i = 0; i < now.frames().size() && now.bases().get(i) < end; i++) {
            frames.add(now.frames().get(i));
            bases.add(now.bases().get(i));
        }
        return new State(true, now.epoch(), now.incarnation(), now.start(), frames, bases, end);
    }

    private static State appended(State now, ByteBuffer frame) {
        List<String> frames = new ArrayList<>(now.frames());
        frames.add(Frames.identity(frame, frame.position()));
        List<Long> bases = new ArrayList<>(now.bases());
        bases.add(BatchFrame.baseOffset(frame, frame.position()));
        return new State(
                true,
                now.epoch(),
                now.incarnation(),
                now.start(),
                frames,
                bases,
                BatchFrame.lastOffset(frame, frame.position()) + 1);
    }

    /** Takes in an answer that left the node. */
    void answer(StorageAnswer answer) {
        for (Asked one : asked) {
            if (!one.answered()[0] && answers(answer, one)) {
                one.answered()[0] = true;
                answered = Math.max(answered, one.state());
                if (!(answer instanceof StorageAnswer.Appended)) {
                    return;
                }
            }
        }
    }

    private boolean answers(StorageAnswer answer, Asked one) {
        StorageRequest request = one.request();
        return switch (answer) {
            case StorageAnswer.Fenced _ ->
                    request instanceof StorageRequest.Fence
                            || request instanceof StorageRequest.Assign;
            case StorageAnswer.Reconciled _ ->
                    request instanceof StorageRequest.Reconcile
                            || request instanceof StorageRequest.TruncateFullyAndStartAt;
            case StorageAnswer.Appended appended ->
                    request instanceof StorageRequest.Append
                            && states.get(one.state()).end() <= appended.logEnd()
                            && states.get(one.state()).incarnation().equals(appended.incarnation())
                            && request.epoch() == appended.epoch();
            case StorageAnswer.Configured _ -> request instanceof StorageRequest.Configure;
            case StorageAnswer.Deleted _ -> request instanceof StorageRequest.Delete;
            default -> throw new AssertionError("unexpected " + answer);
        };
    }
}
