package io.ackgate.gateway.partition.reads;

import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.InvariantBrokenException;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionInput.Fetch;
import io.ackgate.gateway.partition.PartitionInput.ListOffset;
import io.ackgate.gateway.partition.PartitionInput.Position;
import io.ackgate.gateway.partition.PartitionInput.Request;
import io.ackgate.gateway.partition.reads.AskedReads.Asked;
import io.ackgate.gateway.partition.reads.WaitingReads.Until;
import io.ackgate.gateway.partition.replicas.FailedReads;
import io.ackgate.gateway.partition.replicas.ReadFrames;
import io.ackgate.gateway.partition.replicas.Reconciliation;
import io.ackgate.gateway.partition.replicas.Replication;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.gateway.partition.role.Idle;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.nio.ByteBuffer;

/**
 * Consumers' requests: served from the leader replica, below the high watermark only.
 *
 * <p>Until the high watermark has reached the end that the leader's log had at the start of the
 * epoch, the owner knows only a lower bound of it: it serves records below that, and lets wait
 * whoever asks for its value, or for an offset that may turn out to be committed (protocol, step
 * 7).
 *
 * <p>Those who wait and those whom the leader has been asked for are counted apart: however many
 * wait, whoever finds records is served. A fetch for which there is not enough remembers how many
 * bytes it found and is read again when so many more are committed as it lacks.
 */
public final class Reads {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Reads that may wait for records, or for the leader. */
    public static final int MAX_WAITING = 10_000;

    /** Pause before a leader that is not available is asked again. */
    private static final long RETRY_NANOS = 20_000_000L;

    private final Context context;
    private final int epoch;
    private final Replication replication;
    private final Reconciliation reconciliation;
    private final long epochStart;
    private final WaitingReads waiting = new WaitingReads();

    private final AskedReads asked = new AskedReads();

    /** When to ask a leader again that was not available; 0 when it was. */
    private long retryAt;

    public Reads(
            Context context,
            int epoch,
            Replication replication,
            Reconciliation reconciliation,
            long epochStart) {
        this.context = context;
        this.epoch = epoch;
        this.replication = replication;
        this.reconciliation = reconciliation;
        this.epochStart = epochStart;
    }

    public void request(Request request) {
        attempt(request);
    }

    /** Reads that wait: for records, for the high watermark, or for the leader. */
    public int waiting() {
        return waiting.size();
    }

    /** The high watermark rose, or the leader may be there again. */
    public void advanced(boolean rose) {
        if (rose) {
            waiting.takeReached(replication.highWatermark(), replication.committedBytes())
                    .forEach(this::attempt);
        }
        leaderReady();
    }

    private void leaderReady() {
        if (waiting.anyForLeader() && replication.leader().isReconciled() && retryAt == 0) {
            waiting.takeForLeader().forEach(this::attempt);
        }
    }

    /**
     * Nobody waits for the answer any more.
     *
     * @return whether there is such a read
     */
    public boolean cancel(long token) {
        return waiting.remove(token) != null || asked.cancel(token);
    }

    /** What consumers are told: -1 while only a lower bound is known. */
    private long namedHighWatermark() {
        return replication.highWatermarkKnown() ? replication.highWatermark() : -1;
    }

    private void attempt(Request request) {
        switch (request) {
            case Fetch fetch -> fetch(fetch);
            case ListOffset find -> find(find);
            case PartitionInput.Produce produce ->
                    throw new InvariantBrokenException("a produce request among the reads");
        }
    }

    private void fetch(Fetch fetch) {
        long highWatermark = replication.highWatermark();
        if (fetch.offset() < replication.logStart()
                || (fetch.offset() > replication.log().end() && replication.highWatermarkKnown())) {
            context.reply(
                    fetch.token(),
                    new FetchOutcome.OutOfRange(
                            replication.logStart(), namedHighWatermark(), epoch));
        } else if (fetch.offset() >= highWatermark) {
            waitOrEnd(fetch, moreThanNothing(fetch));
        } else if (!replication.leader().isReconciled()) {
            waitOrEnd(fetch, WaitingReads.LEADER);
        } else {
            ask(
                    fetch,
                    requestId ->
                            new StorageRequest.Read(
                                    context.id,
                                    epoch,
                                    requestId,
                                    fetch.offset(),
                                    maxBytes(fetch),
                                    highWatermark));
        }
    }

    /** What a fetch waits for that begins at the high watermark, or above. */
    private Until moreThanNothing(Fetch fetch) {
        return fetch.offset() == replication.highWatermark() && replication.highWatermarkKnown()
                ? new Until.CommittedBytes(
                        replication.committedBytes() + Math.max(1, minBytes(fetch)))
                : new Until.HighWatermark(
                        replication.highWatermarkKnown()
                                ? fetch.offset()
                                : Math.min(fetch.offset(), epochStart - 1));
    }

    /** What a fetch waits for, at most what one read can give. */
    private int minBytes(Fetch fetch) {
        return Math.min(fetch.minBytes(), maxBytes(fetch));
    }

    private int maxBytes(Fetch fetch) {
        return Math.min(fetch.maxBytes(), context.settings.maxFetchBytes());
    }

    /** Makes the leader's request when its number is known. */
    private interface Question {
        StorageRequest with(long requestId);
    }

    private void ask(Request request, Question question) {
        if (asked.isFull()) {
            context.reply(request.token(), ReadRefusals.tooManyAsked(context.id));
            return;
        }
        long requestId = context.nextRequestId();
        asked.add(
                requestId,
                request,
                replication.highWatermark(),
                replication.committedBytes(),
                context.now);
        switch (question.with(requestId)) {
            case StorageRequest.Read read -> replication.read(read, null, request.token());
            case StorageRequest other -> replication.send(replication.leader(), other);
        }
    }

    private void find(ListOffset find) {
        if (find.position() == Position.EARLIEST) {
            earliest(find);
        } else if (!replication.highWatermarkKnown()) {
            waitOrEnd(find, new Until.HighWatermark(epochStart - 1));
        } else if (find.position() == Position.LATEST) {
            position(find, replication.highWatermark(), -1);
        } else if (!replication.leader().isReconciled()) {
            waitOrEnd(find, WaitingReads.LEADER);
        } else {
            ask(
                    find,
                    requestId ->
                            new StorageRequest.ListOffset(
                                    context.id, epoch, requestId, find.timestampMillis()));
        }
    }

    /** Retention moves the log's start without a word: the leader says where it is now. */
    private void earliest(ListOffset find) {
        if (!replication.leader().isReconciled()) {
            waitOrEnd(find, WaitingReads.LEADER);
            return;
        }
        long known = replication.logStart();
        ask(
                find,
                requestId ->
                        new StorageRequest.Read(context.id, epoch, requestId, known, 1, known));
    }

    private void position(ListOffset find, long offset, long timestampMillis) {
        context.reply(find.token(), new FetchOutcome.Position(offset, timestampMillis, epoch));
    }

    public void records(StorageAnswer.Records records) {
        Asked one = asked.remove(records.requestId());
        if (one == null) {
            return;
        }
        switch (one.request()) {
            case Fetch fetch -> records(fetch, one, records);
            case ListOffset find -> logStart(find, records);
            case PartitionInput.Produce produce -> {}
        }
    }

    private void logStart(ListOffset find, StorageAnswer.Records records) {
        if (records.status() == StorageAnswer.ReadStatus.NOT_AVAILABLE) {
            askAgainLater(find);
        } else {
            replication.logStartSeen(records.logStart());
            position(find, replication.logStart(), -1);
        }
    }

    private void askAgainLater(Request request) {
        retryAt = context.now + RETRY_NANOS;
        waitOrEnd(request, WaitingReads.LEADER);
    }

    private void records(Fetch fetch, Asked one, StorageAnswer.Records records) {
        boolean foreign = !ReadFrames.belong(records.frames(), context.id, fetch.offset());
        var sought = new FailedReads.Sought(fetch.offset(), maxBytes(fetch));
        switch (foreign ? StorageAnswer.ReadStatus.CORRUPT : records.status()) {
            case OK -> {
                replication.leaderRead(sought, false);
                replication.logStartSeen(records.logStart());
                read(fetch, one, records.frames());
            }
            case OUT_OF_RANGE -> {
                replication.logStartSeen(records.logStart());
                context.reply(
                        fetch.token(),
                        new FetchOutcome.OutOfRange(
                                replication.logStart(), namedHighWatermark(), epoch));
            }
            case CORRUPT -> leaderCorrupt(fetch, "at " + fetch.offset());
            case IO_ERROR -> leaderUnreadable(fetch, sought);
            case NOT_AVAILABLE -> askAgainLater(fetch);
        }
    }

    /** What could not be read says nothing of the bytes: asked again in a while, or another one. */
    private void leaderUnreadable(Request request, FailedReads.Sought sought) {
        replication.leaderRead(sought, true);
        askAgainLater(request);
    }

    private void leaderCorrupt(Request request, String where) {
        reconciliation.readCorrupt(replication.leader());
        context.reply(request.token(), ReadRefusals.leaderCorrupt(where));
    }

    private void read(Fetch fetch, Asked one, ByteBuffer frames) {
        int found = frames.remaining();
        int wanted = Math.max(1, minBytes(fetch));
        if (found >= wanted
                || isOver(fetch)
                || (found > 0 && (ReadFrames.endOf(frames) < one.upTo() || !mayWait()))) {
            // What ends before the high watermark has met a bound: of the read, or of a segment.
            fetched(fetch, frames);
            return;
        }
        // How much was committed before this epoch is not known; nor is it for long.
        boolean counted = one.upTo() >= epochStart;
        long enough = one.committedBytes() + wanted - found;
        if (counted ? enough <= replication.committedBytes() : replication.highWatermarkKnown()) {
            attempt(fetch);
        } else {
            waiting.add(
                    fetch,
                    counted
                            ? new Until.CommittedBytes(enough)
                            : new Until.HighWatermark(epochStart - 1));
        }
    }

    private void fetched(Fetch fetch, ByteBuffer frames) {
        context.reply(
                fetch.token(),
                new FetchOutcome.Fetched(
                        frames, replication.logStart(), namedHighWatermark(), epoch));
    }

    public void found(StorageAnswer.OffsetListed found) {
        Asked one = asked.remove(found.requestId());
        if (one == null || !(one.request() instanceof ListOffset find)) {
            return;
        }
        var sought = new FailedReads.Sought(find.timestampMillis(), 0);
        switch (found.status()) {
            case OK, OUT_OF_RANGE -> {
                replication.leaderRead(sought, false);
                found(find, found);
            }
            case CORRUPT ->
                    leaderCorrupt(find, "where timestamp " + find.timestampMillis() + " is sought");
            case IO_ERROR -> leaderUnreadable(find, sought);
            case NOT_AVAILABLE -> askAgainLater(find);
        }
    }

    private void found(ListOffset find, StorageAnswer.OffsetListed found) {
        boolean committed = found.offset() < replication.highWatermark();
        position(find, committed ? found.offset() : -1, committed ? found.timestampMillis() : -1);
    }

    /** What the leader was asked it will not answer on this stream any more: ask again later. */
    public void leaderGone() {
        retryAt = 0;
        asked.takeAll().forEach(request -> waiting.add(request, WaitingReads.LEADER));
        leaderReady();
    }

    private boolean isOver(Request request) {
        return request.deadlineNanos() - context.now <= 0;
    }

    private boolean mayWait() {
        return waiting.size() < MAX_WAITING && context.budget.mayWait();
    }

    private void waitOrEnd(Request request, Until until) {
        if (isOver(request)) {
            end(request);
        } else if (mayWait()) {
            waiting.add(request, until);
        } else {
            context.reply(request.token(), ReadRefusals.tooManyWait(waiting.size(), context.id));
        }
    }

    private void end(Request request) {
        if (request instanceof Fetch fetch
                && fetch.offset() <= replication.log().end()
                && replication.highWatermarkKnown()
                && fetch.offset() >= replication.highWatermark()
                && replication.leader().isReconciled()) {
            fetched(fetch, NOTHING);
        } else {
            context.reply(request.token(), ReadRefusals.notYet(context.id));
        }
    }

    public void tick() {
        for (Request request : waiting.takeExpired(context.now)) {
            // Less than min.bytes is there: it is read once more and answered with what there is.
            attempt(request);
        }
        for (Request request : asked.takeGivenUp(context.now)) {
            context.reply(request.token(), ReadRefusals.leaderSilent(context.id));
        }
        if (retryAt != 0 && retryAt - context.now <= 0) {
            retryAt = 0;
            leaderReady();
        }
    }

    /** When {@link #tick} has something to do; {@link Long#MAX_VALUE} when nothing is due. */
    public long nextDue() {
        long due = Math.min(waiting.nextDeadline(), asked.nextDue());
        return retryAt == 0 ? due : Math.min(due, retryAt);
    }

    public void stop() {
        asked.takeAll().forEach(request -> Idle.refuse(context, request));
        waiting.takeAll().forEach(request -> Idle.refuse(context, request));
    }
}
