package io.ackgate.gateway.consume;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.PartitionId;
import io.smallrye.mutiny.infrastructure.Infrastructure;
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
 * apart to its end before the next one's, and every answer has a turn of the event loop. Compressed
 * batches are taken apart by {@link Unpacking} for each answer. All that is held counts in the
 * {@link ReadMemory}. Confined to the stream's event loop.
 */
public final class Subscription<R> {
    /** What all partitions of a subscription may have read ahead together, bytes. */
    private static final int READ_AHEAD_BYTES = 8 << 20;

    private static final int MIN_READ_BYTES = 16 << 10;

    /** How often a subscription to all partitions looks for new ones. */
    private static final long LOOK_AT_TOPIC_MILLIS = 5_000;

    final Caller caller;
    final SubscriptionPlan plan;
    final PartitionReads reads;
    final GroupCommits commits;
    final RecordMaker<R> maker;
    final Executor turns;

    private final Topics topics;
    private final Executor unpacking;
    private final ConsumeMeter meter;
    private final SubscriptionListener<R> listener;
    private final ReadMemory.Reader memory;
    private final List<PartitionCursor<R>> cursors = new ArrayList<>();

    /** Those that have something to send, in turn. */
    private final Queue<PartitionCursor<R>> toSend = new ArrayDeque<>();

    /** The one whose frames are being taken apart. */
    private @Nullable PartitionCursor<R> sending;

    /** Whether an answer is being made just now, here or by {@link Unpacking}. */
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

    /** Whether the caller is still there. */
    private volatile boolean open = true;

    /** Has not begun; see {@link Subscriptions#open}. */
    Subscription(
            Caller caller,
            SubscriptionPlan plan,
            Topics topics,
            PartitionReads reads,
            GroupCommits commits,
            Executor unpacking,
            ConsumeMeter meter,
            ReadMemory.Reader memory,
            RecordMaker<R> maker,
            Executor turns,
            SubscriptionListener<R> listener) {
        this.caller = caller;
        this.plan = plan;
        this.topics = topics;
        this.reads = reads;
        this.commits = commits;
        this.unpacking = unpacking;
        this.meter = meter;
        this.memory = memory;
        this.maker = maker;
        this.turns = turns;
        this.listener = listener;
    }

    /** Begins to read. Called once. */
    public void start() {
        for (int partition : plan.partitions()) {
            cursors.add(new PartitionCursor<>(this, partition, plan.start()));
        }
        partitionsTaken = cursors.size();
        List.copyOf(cursors).forEach(PartitionCursor::go);
        if (plan.allPartitions() && !plan.stopAtEnd()) {
            lookAtTopicLater();
        }
    }

    /** The caller is gone, or the subscription has ended. Any thread. */
    public void cancel() {
        open = false;
        turns.execute(
                () -> {
                    cursors.forEach(PartitionCursor::cancel);
                    memory.close();
                });
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
        return open;
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
    void toSend(PartitionCursor<R> cursor) {
        toSend.add(cursor);
        sendNext();
    }

    /** Makes one answer; the next one has a turn of its own, behind what others wait for. */
    private void sendNext() {
        if (making || turnAsked || !open || unsentBytes > 0 || !listener.isReady()) {
            return;
        }
        PartitionCursor<R> next = sending == null ? toSend.poll() : sending;
        if (next == null) {
            return;
        }
        making = true;
        sending = next;
        if (!next.open()) {
            made(next.make());
            return;
        }
        memory.making();
        unpacking.execute(
                () -> {
                    PartitionCursor.Made made = open ? next.make() : next.notMade();
                    turns.execute(
                            () -> {
                                memory.madeOne();
                                made(made);
                            });
                });
    }

    private void made(PartitionCursor.Made answer) {
        try {
            if (!answer.send()) {
                sending = null;
            }
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

    void send(int partition, DecodedRecords<R> records, FetchOutcome.Fetched of) {
        if (open) {
            SubscriptionListener.Answer answer = listener.answer(partition, records, of);
            unsentBytes = Math.max(1, answer.bytes());
            answer.send();
            meter.given(plan.topic(), records.recordCount(), records.bytes());
        }
    }

    /** The transport has got the answer that was sent. */
    public void sent() {
        memory.hold(unsentBytes);
        untakenBytes += unsentBytes;
        unsentBytes = 0;
        ready();
    }

    /** The transport may have taken what it had got. */
    public void ready() {
        if (listener.isReady()) {
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
        if (finished && open && unsentBytes == 0 && untakenBytes == 0) {
            listener.complete();
        }
    }

    void fail(Failure failure) {
        if (open) {
            listener.fail(failure);
        }
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
            PartitionCursor<R> added =
                    new PartitionCursor<>(
                            this, cursors.size(), new SubscriptionPlan.Start.Earliest());
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
