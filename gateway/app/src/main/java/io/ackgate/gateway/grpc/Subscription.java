package io.ackgate.gateway.grpc;

import io.ackgate.gateway.consume.ConsumerLimits;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.FailureException;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.SubscribeResponse;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream of records: a {@link PartitionCursor} per partition, each of which has one read under
 * way, or what it has read and not sent. It becomes an answer when the transport has taken the one
 * before, and not sooner: until then it is held as it is stored. What one cursor has read is taken
 * apart to its end before the next one's, and every answer has a turn of the event loop. All that
 * is held counts in the {@link ReadMemory}. Confined to the stream's event loop.
 */
final class Subscription {
    /** What all partitions of a subscription may have read ahead together, bytes. */
    private static final int READ_AHEAD_BYTES = 8 << 20;

    private static final int MIN_READ_BYTES = 16 << 10;

    /** How often a subscription to all partitions looks for new ones. */
    private static final long LOOK_AT_TOPIC_MILLIS = 5_000;

    final SubscribePlan plan;
    final GatewayRuntime runtime;
    final CommittedOffsets committed;
    final Executor turns;

    private final Topics topics;
    private final FlowWindow window;
    private final ReadMemory.Reader memory;
    private final List<PartitionCursor> cursors = new ArrayList<>();

    /** Those that have something to send, in turn. */
    private final Queue<PartitionCursor> toSend = new ArrayDeque<>();

    /** The one whose frames are being taken apart. */
    private @Nullable PartitionCursor sending;

    /** Whether an answer is being made just now. */
    private boolean making;

    /** Whether a turn was asked for, to make the next answer. */
    private boolean turnAsked;

    /** What is held beyond frames, bytes: one answer at a time may be larger than they are. */
    private int reserve;

    /** Size of the answer that the stub has and the transport has not got; 0 if there is none. */
    private int unsentBytes;

    /** What the transport has got and not taken. */
    private long untakenBytes;

    private boolean finished;

    /** Written on the event loop, read by whoever looks at the topic. */
    private volatile int partitionsTaken;

    private volatile @Nullable MultiEmitter<? super SubscribeResponse> out;

    Subscription(
            SubscribePlan plan,
            Topics topics,
            GatewayRuntime runtime,
            CommittedOffsets committed,
            Executor turns,
            FlowWindow window,
            Runnable cutOff) {
        this.plan = plan;
        this.topics = topics;
        this.runtime = runtime;
        this.committed = committed;
        this.turns = work -> turns.execute(() -> guarded(work));
        this.window = window;
        this.memory = runtime.readMemory().reader(cutOff);
    }

    void start(MultiEmitter<? super SubscribeResponse> emitter) {
        out = emitter;
        emitter.onTermination(
                () -> {
                    out = null;
                    memory.close();
                    turns.execute(() -> cursors.forEach(PartitionCursor::cancel));
                });
        window.onSent(() -> guarded(this::sent));
        window.onReady(() -> guarded(this::ready));
        for (int partition : plan.partitions()) {
            cursors.add(new PartitionCursor(this, partition, plan.start()));
        }
        partitionsTaken = cursors.size();
        List.copyOf(cursors).forEach(PartitionCursor::go);
        if (plan.allPartitions() && !plan.stopAtEnd()) {
            lookAtTopicLater();
        }
    }

    /** Wakes the event loop only if there is something new: most subscriptions stand idle. */
    private void lookAtTopicLater() {
        var _ =
                Infrastructure.getDefaultWorkerPool()
                        .schedule(
                                () -> {
                                    if (isOpen()) {
                                        if (topicChanged()) {
                                            turns.execute(this::lookAtTopic);
                                        }
                                        lookAtTopicLater();
                                    }
                                },
                                LOOK_AT_TOPIC_MILLIS,
                                TimeUnit.MILLISECONDS);
    }

    /** Any thread. */
    private boolean topicChanged() {
        Topic now = topics.cached(plan.topic().id());
        return now == null || now.partitions() > partitionsTaken;
    }

    /** Whether the caller is still there and nothing has gone wrong. */
    boolean isOpen() {
        return out != null;
    }

    /** What one answer may hold. */
    int answerBytes() {
        return Math.min(plan.maxBytes(), ConsumerLimits.MAX_ANSWER_BYTES);
    }

    /** About how much one read may bring, so that all of them together stay in bounds. */
    int readBytes() {
        int share = Math.max(MIN_READ_BYTES, READ_AHEAD_BYTES / cursors.size());
        return Math.min(plan.maxBytes(), share);
    }

    /** Who gets what is read. */
    ReadMemory.Reader memory() {
        return memory;
    }

    /** A cursor has something to send. */
    void toSend(PartitionCursor cursor) {
        toSend.add(cursor);
        sendNext();
    }

    /** Makes one answer; the next one has a turn of its own, behind what others wait for. */
    private void sendNext() {
        if (making || turnAsked || out == null || unsentBytes > 0 || !window.isReady()) {
            return;
        }
        PartitionCursor next = sending == null ? toSend.poll() : sending;
        if (next == null) {
            return;
        }
        making = true;
        try {
            sending = next.send() ? next : null;
        } finally {
            making = false;
        }
        turnAsked = true;
        turns.execute(
                () -> {
                    turnAsked = false;
                    sendNext();
                });
    }

    /** So much is in use beyond the frames that are being taken apart, bytes. */
    void reserve(int bytes) {
        if (bytes != reserve) {
            memory.hold(bytes - reserve);
            reserve = bytes;
        }
    }

    void emit(SubscribeResponse response) {
        if (out != null) {
            unsentBytes = Math.max(1, response.getSerializedSize());
            out.emit(response);
        }
    }

    private void sent() {
        memory.hold(unsentBytes);
        untakenBytes += unsentBytes;
        unsentBytes = 0;
        ready();
    }

    private void ready() {
        if (window.isReady()) {
            memory.taken(untakenBytes);
            untakenBytes = 0;
            sendNext();
            complete();
        }
    }

    /** A cursor is through, which only happens to those that stop at the end. */
    void finished() {
        finished = cursors.stream().allMatch(PartitionCursor::isFinished);
        complete();
    }

    /** Not before all is taken: nothing is heard of the transport afterwards. */
    private void complete() {
        if (finished && out != null && unsentBytes == 0 && untakenBytes == 0) {
            out.complete();
        }
    }

    /** What fails here ends the stream: whoever hears nothing more would wait for ever. */
    private void guarded(Runnable step) {
        GrpcStatuses.guarded(
                step,
                status -> {
                    if (out != null) {
                        out.fail(status);
                    }
                });
    }

    void fail(Failure failure) {
        if (out != null) {
            out.fail(GrpcErrors.status(failure));
        }
    }

    void fail(FailureException failure) {
        fail(failure.failure());
    }

    /** Runs something a little later, on the event loop. */
    void later(long millis, Runnable what) {
        var _ =
                Infrastructure.getDefaultWorkerPool()
                        .schedule(() -> turns.execute(what), millis, TimeUnit.MILLISECONDS);
    }

    /** Ends the stream if the topic is gone, and takes up partitions that it got. */
    void lookAtTopic() {
        Topic now = topics.cached(plan.topic().id());
        if (now == null) {
            fail(
                    Failure.refused(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            "topic",
                            "topic %s was deleted: create it again, or read another"
                                    .formatted(plan.topic().name())));
            return;
        }
        if (!plan.allPartitions() || plan.stopAtEnd()) {
            return;
        }
        while (cursors.size() < now.partitions()) {
            PartitionCursor added =
                    new PartitionCursor(
                            this,
                            cursors.size(),
                            new SubscribePlan.Start.At(OffsetSpec.OFFSET_SPEC_EARLIEST));
            cursors.add(added);
            added.go();
        }
        partitionsTaken = cursors.size();
    }

    /** A partition of the topic, as it was when the subscription began or has become since. */
    PartitionId partition(int index) {
        return new PartitionId(plan.topic().id(), index);
    }
}
