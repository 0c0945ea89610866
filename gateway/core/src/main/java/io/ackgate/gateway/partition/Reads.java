package io.ackgate.gateway.partition;

import io.ackgate.gateway.partition.PartitionInput.Fetch;
import io.ackgate.gateway.partition.PartitionInput.FindPosition;
import io.ackgate.gateway.partition.PartitionInput.Position;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Consumers' requests: served from the leader replica, below the high watermark only.
 *
 * <p>Until the high watermark has reached the end that the leader's log had at the start of the
 * epoch, the owner knows only a lower bound of it: it serves records below that, and lets wait
 * whoever asks for its value, or for an offset that may turn out to be committed (protocol, step
 * 7).
 */
final class Reads {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int MAX_WAITING = 10_000;

    /** A request, and the high watermark at which it was last tried in vain. */
    private record Waiting(Request request, long triedAt) {}

    private final Context context;
    private final int epoch;
    private final Replication replication;
    private final long epochStart;
    private final List<Waiting> waiting = new ArrayList<>();
    private final Map<Long, Waiting> asked = new HashMap<>();

    Reads(Context context, int epoch, Replication replication, long epochStart) {
        this.context = context;
        this.epoch = epoch;
        this.replication = replication;
        this.epochStart = epochStart;
    }

    void request(Request request) {
        if (waiting.size() + asked.size() >= MAX_WAITING) {
            context.reply(
                    request.token(),
                    new FetchOutcome.Unavailable(
                            "%d reads of %s wait already; try again later"
                                    .formatted(MAX_WAITING, context.id)));
            return;
        }
        attempt(new Waiting(request, -1));
    }

    /** The high watermark rose, or the leader is there again. */
    void retry() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Waiting> again = List.copyOf(waiting);
        waiting.clear();
        again.forEach(this::attempt);
    }

    private boolean highWatermarkKnown() {
        return replication.highWatermark() >= epochStart;
    }

    /** What consumers are told: -1 while only a lower bound is known. */
    private long namedHighWatermark() {
        return highWatermarkKnown() ? replication.highWatermark() : -1;
    }

    private void attempt(Waiting one) {
        switch (one.request()) {
            case Fetch fetch -> fetch(fetch, one);
            case FindPosition find -> find(find, one);
            case PartitionInput.Produce produce ->
                    throw new InvariantBrokenException("a produce request among the reads");
        }
    }

    private void fetch(Fetch fetch, Waiting one) {
        long highWatermark = replication.highWatermark();
        if (fetch.offset() < replication.logStart()
                || (fetch.offset() > replication.log().end() && highWatermarkKnown())) {
            context.reply(
                    fetch.token(),
                    new FetchOutcome.OutOfRange(
                            replication.logStart(), namedHighWatermark(), epoch));
        } else if (fetch.offset() >= highWatermark
                || one.triedAt() == highWatermark
                || !replication.leader().isJoined()) {
            waitOrEnd(one);
        } else {
            long requestId = context.nextRequestId();
            asked.put(requestId, new Waiting(fetch, highWatermark));
            replication.send(
                    replication.leader(),
                    new StorageRequest.Read(
                            context.id,
                            epoch,
                            requestId,
                            fetch.offset(),
                            fetch.maxBytes(),
                            highWatermark));
        }
    }

    private void find(FindPosition find, Waiting one) {
        if (find.position() == Position.EARLIEST) {
            position(find, replication.logStart(), -1);
        } else if (!highWatermarkKnown()) {
            waitOrEnd(one);
        } else if (find.position() == Position.LATEST) {
            position(find, replication.highWatermark(), -1);
        } else if (!replication.leader().isJoined()) {
            waitOrEnd(one);
        } else {
            long requestId = context.nextRequestId();
            asked.put(requestId, one);
            replication.send(
                    replication.leader(),
                    new StorageRequest.FindOffset(
                            context.id, epoch, requestId, find.timestampMillis()));
        }
    }

    private void position(FindPosition find, long offset, long timestampMillis) {
        context.reply(find.token(), new FetchOutcome.Position(offset, timestampMillis, epoch));
    }

    void records(StorageAnswer.Records records) {
        Waiting one = asked.remove(records.requestId());
        if (one == null || !(one.request() instanceof Fetch fetch)) {
            return;
        }
        switch (records.status()) {
            case OK -> {
                replication.logStartSeen(records.logStart());
                boolean enough = records.frames().remaining() >= Math.max(1, fetch.minBytes());
                if (enough || fetch.deadlineNanos() - context.now <= 0) {
                    context.reply(
                            fetch.token(),
                            new FetchOutcome.Fetched(
                                    records.frames(),
                                    replication.logStart(),
                                    namedHighWatermark(),
                                    epoch));
                } else if (one.triedAt() < replication.highWatermark()) {
                    attempt(one);
                } else {
                    waiting.add(one);
                }
            }
            case OUT_OF_RANGE -> {
                replication.logStartSeen(records.logStart());
                context.reply(
                        fetch.token(),
                        new FetchOutcome.OutOfRange(
                                replication.logStart(), namedHighWatermark(), epoch));
            }
            case CORRUPT -> {
                replication
                        .reconciliation()
                        .lost(replication.leader(), false, "its log does not match its checksums");
                context.reply(
                        fetch.token(),
                        new FetchOutcome.Unavailable(
                                "the leader's log is corrupt at %d and is replaced by another's; try again"
                                        .formatted(fetch.offset())));
            }
            case NOT_AVAILABLE -> waitOrEnd(new Waiting(fetch, -1));
        }
    }

    void found(StorageAnswer.OffsetFound found) {
        Waiting one = asked.remove(found.requestId());
        if (one != null && one.request() instanceof FindPosition find) {
            boolean committed = found.offset() < replication.highWatermark();
            position(
                    find,
                    committed ? found.offset() : -1,
                    committed ? found.timestampMillis() : -1);
        }
    }

    /** What the leader was asked it will not answer on this stream any more: ask again later. */
    void leaderGone() {
        for (Waiting one : asked.values()) {
            waiting.add(new Waiting(one.request(), -1));
        }
        asked.clear();
    }

    private void waitOrEnd(Waiting one) {
        if (deadline(one.request()) - context.now > 0) {
            waiting.add(one);
        } else {
            end(one.request());
        }
    }

    private void end(Request request) {
        if (request instanceof Fetch fetch
                && fetch.offset() <= replication.log().end()
                && replication.leader().isJoined()) {
            context.reply(
                    fetch.token(),
                    new FetchOutcome.Fetched(
                            NOTHING, replication.logStart(), namedHighWatermark(), epoch));
        } else {
            context.reply(
                    request.token(),
                    new FetchOutcome.Unavailable(
                            context.id
                                    + " cannot answer yet: its replicas are recovering; try"
                                    + " again"));
        }
    }

    void tick() {
        if (waiting.isEmpty()) {
            return;
        }
        List<Waiting> due =
                waiting.stream().filter(one -> deadline(one.request()) - context.now <= 0).toList();
        waiting.removeAll(due);
        for (Waiting one : due) {
            if (one.triedAt() >= 0
                    && one.request() instanceof Fetch
                    && replication.leader().isJoined()) {
                // Less than min.bytes is there: read once more and answer with what there is.
                attempt(new Waiting(one.request(), -1));
            } else {
                end(one.request());
            }
        }
        retryUnavailable();
    }

    private void retryUnavailable() {
        if (replication.leader().isJoined()) {
            retry();
        }
    }

    void stop() {
        leaderGone();
        waiting.forEach(one -> Idle.refuse(context, one.request()));
        waiting.clear();
    }

    private static long deadline(Request request) {
        return switch (request) {
            case Fetch fetch -> fetch.deadlineNanos();
            case FindPosition find -> find.deadlineNanos();
            case PartitionInput.Produce produce -> produce.deadlineNanos();
        };
    }
}
