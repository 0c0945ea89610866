package io.ackgate.client.producer;

import io.ackgate.client.Acks;
import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.Backoff;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.record.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one partition sends next: at most so many batches unanswered, retries before
 * anything new, in their first order and under their first sequence.
 *
 * <p>After a failure nothing is sent until every unanswered attempt has ended; then what has to be
 * sent again goes one by one. So a retry never overtakes an attempt of an earlier batch, and a
 * gateway in trouble is not fed the whole window again and again.
 *
 * <p>A batch that is too large for its topic goes on as smaller ones in its place.
 *
 * <p>A batch that fails for good leaves a hole in the sequences. What may go on, and under which
 * sequence, is decided in {@link #mendHole}: the log takes a sequence only right after its
 * predecessor, which tells what can no longer be written.
 *
 * <p>Pure and confined to one thread. Times are nanoseconds since the producer started.
 */
final class PartitionPipeline {
    private final PipelineSettings settings;
    private final Backoff backoff;
    private final BatchCallbacks callbacks;

    /** Sent at least once and not ended, by ordinal. */
    private final List<ProducerBatch> window = new ArrayList<>();

    /** Failed for good under the present identity; the log may lack their sequences. By ordinal. */
    private final List<ProducerBatch> lost = new ArrayList<>();

    /** Attempts that are unanswered, those of batches that have ended included. */
    private int unanswered;

    private long nextOrdinal;
    private int nextSequence;
    private @Nullable ProducerIdentity identity;
    private @Nullable ProducerIdentity spentIdentity;

    /** The gateway does not know the sequences before the first batch of the window. */
    private boolean sequencesForgotten;

    PartitionPipeline(PipelineSettings settings, Backoff backoff, BatchCallbacks callbacks) {
        this.settings = settings;
        this.backoff = backoff;
        this.callbacks = callbacks;
    }

    /**
     * The batch to put on the wire now, sealed; its attempt counts as unanswered from here on.
     *
     * @return null if nothing may be sent now
     */
    @Nullable ProducerBatch next(long nowNanos, ReadyBatches ready) {
        while (true) {
            ProducerBatch batch = chosen(nowNanos, ready);
            if (batch == null) {
                return null;
            }
            if (sealed(batch)) {
                batch.attempts++;
                batch.onWire = true;
                unanswered++;
                return batch;
            }
        }
    }

    private @Nullable ProducerBatch chosen(long nowNanos, ReadyBatches ready) {
        ProducerBatch again = firstToSendAgain();
        if (again != null) {
            boolean waits = unanswered > 0 || again.retryAtNanos > nowNanos;
            return waits || !readyToNumber(again) ? null : again;
        }
        boolean full = unanswered >= settings.maxInFlight();
        if (full || (unanswered > 0 && !lost.isEmpty()) || !readyToNumber(null)) {
            return null;
        }
        ProducerBatch fresh = ready.poll(nowNanos);
        if (fresh == null) {
            return null;
        }
        fresh.ordinal = nextOrdinal;
        nextOrdinal += fresh.recordCount();
        window.add(fresh);
        return fresh;
    }

    /** Finishes a batch; gives false, and ends it, if that cannot be done. */
    private boolean sealed(ProducerBatch batch) {
        try {
            if (!settings.idempotent()) {
                batch.seal();
            } else if (!batch.hasSequence() && identity != null) {
                batch.seal(identity, nextSequence);
                nextSequence = Sequence.incrementSequence(nextSequence, batch.recordCount());
            }
            return true;
        } catch (RuntimeException | Error e) {
            // It would fail again, and hold up all that follow until its time has run out.
            end(batch, unfinished(e), batch.mayBeWritten);
            return false;
        }
    }

    private static GatewayError unfinished(Throwable cause) {
        String story = "the batch could not be compressed or numbered: " + cause;
        return new GatewayError("UNKNOWN_SERVER_ERROR", story, false, WriteStatus.NOT_WRITTEN, 0);
    }

    private @Nullable ProducerBatch firstToSendAgain() {
        for (ProducerBatch batch : window) {
            if (!batch.onWire) {
                return batch;
            }
        }
        return null;
    }

    /** Whether there is an identity under which {@code batch}, or else a new one, may be sent. */
    private boolean readyToNumber(@Nullable ProducerBatch batch) {
        if (!settings.idempotent()) {
            return true;
        }
        if (unanswered == 0) {
            mendHole(batch);
        }
        return identity != null;
    }

    /**
     * Closes a hole in the sequences. Nothing is on the wire, so that every answer that will ever
     * come is there.
     *
     * <ul>
     *   <li>The next batch may be in the log already: only its own sequence can tell, so that it is
     *       tried again under it. Unless what failed before it is surely not in the log: then it is
     *       not there either, and neither is anything behind it.
     *   <li>Every attempt from the hole on is known to have written nothing: go on with the
     *       sequence of the first that failed.
     *   <li>Otherwise an attempt may still arrive late. Its sequence must never be used for other
     *       records: go on under another identity, from 0.
     * </ul>
     */
    private void mendHole(@Nullable ProducerBatch batch) {
        boolean lostBefore =
                !lost.isEmpty() && (batch == null || lost.getFirst().ordinal < batch.ordinal);
        if (!lostBefore && !sequencesForgotten) {
            return;
        }
        if (batch != null && batch.mayBeWritten && !surelyAbsentBefore(batch)) {
            batch.probing = true;
            return;
        }
        boolean mayArriveLate =
                lost.stream().anyMatch(b -> b.mayBeWritten)
                        || window.stream().anyMatch(b -> b.mayBeWritten);
        if (sequencesForgotten || mayArriveLate) {
            spentIdentity = identity;
            identity = null;
            nextSequence = 0;
        } else {
            nextSequence = lost.getFirst().baseSequence;
        }
        sequencesForgotten = false;
        lost.clear();
        for (ProducerBatch again : window) {
            again.dropSequence();
            again.mayBeWritten = false;
            again.probing = false;
        }
    }

    private boolean surelyAbsentBefore(ProducerBatch batch) {
        return sequencesForgotten
                || lost.stream().anyMatch(b -> b.ordinal < batch.ordinal && !b.mayBeWritten);
    }

    /** The attempt of a batch was acknowledged. */
    void acknowledged(ProducerBatch batch, Receipt receipt) {
        answered(batch);
        window.remove(batch);
        // A sequence is taken only right after the one before: what is in the log proves the rest.
        lost.removeIf(b -> b.ordinal <= batch.ordinal);
        sequencesForgotten = false;
        if (!batch.ended) {
            batch.ended = true;
            callbacks.acknowledged(batch, receipt);
        }
    }

    /** The attempt of a batch was refused, or its answer is lost for ever. */
    void failed(ProducerBatch batch, GatewayError error, long nowNanos) {
        answered(batch);
        if (error.writeStatus() != WriteStatus.NOT_WRITTEN) {
            batch.mayBeWritten = true;
        }
        if (batch.ended) {
            return;
        }
        if (settings.idempotent() && saysSequenceIsWrong(error) && sortsItselfOut(batch)) {
            batch.retryAtNanos = nowNanos;
            return;
        }
        batch.lastError = error;
        if (error.saysTooLarge()
                && error.writeStatus() == WriteStatus.NOT_WRITTEN
                && batch.recordCount() > 1) {
            try {
                split(batch, nowNanos);
            } catch (RuntimeException | Error e) {
                end(batch, unfinished(e), batch.mayBeWritten);
            }
            return;
        }
        batch.failures++;
        if (mayRetry(batch, error)) {
            long waitNanos =
                    Math.max(
                            backoff.nanosAfter(batch.failures),
                            error.retryDelayMillis() * 1_000_000L);
            batch.retryAtNanos = nowNanos + waitNanos;
        } else {
            end(batch, error, batch.mayBeWritten);
        }
    }

    /**
     * Puts smaller batches in the place of one that is larger than the topic takes by now. They
     * keep its sequences, so that a late attempt of the whole batch is as little written a second
     * time as one of its parts, and what follows it goes on where it would have.
     */
    private void split(ProducerBatch batch, long nowNanos) {
        List<ProducerBatch> parts = BatchSplit.of(batch);
        long ordinal = batch.ordinal;
        int sequence = batch.baseSequence;
        for (ProducerBatch part : parts) {
            part.ordinal = ordinal;
            part.retryAtNanos = nowNanos;
            ordinal += part.recordCount();
            if (batch.hasSequence() && identity != null) {
                part.seal(identity, sequence);
                sequence = Sequence.incrementSequence(sequence, part.recordCount());
            }
        }
        int at = window.indexOf(batch);
        window.remove(at);
        window.addAll(at, parts);
        batch.replacedBy(parts);
    }

    private void answered(ProducerBatch batch) {
        batch.onWire = false;
        unanswered--;
    }

    private static boolean saysSequenceIsWrong(GatewayError error) {
        return error.code().equals("OUT_OF_ORDER_SEQUENCE_NUMBER")
                || error.code().equals("UNKNOWN_PRODUCER_ID");
    }

    /**
     * A sequence is refused when its predecessor is missing. Mostly that one has failed and is sent
     * again first, or has left a hole that is mended first; this batch then only follows.
     */
    private boolean sortsItselfOut(ProducerBatch batch) {
        boolean follows = window.getFirst() != batch;
        boolean behindHole = !lost.isEmpty() && lost.getFirst().ordinal < batch.ordinal;
        return follows || (behindHole && !batch.probing);
    }

    private boolean mayRetry(ProducerBatch batch, GatewayError error) {
        if (batch.failures > settings.retries()) {
            return false;
        }
        if (settings.idempotent() && saysSequenceIsWrong(error)) {
            // The gateway has forgotten this producer, so that no retry shows what is in the log.
            // What surely is not there goes on under another identity.
            sequencesForgotten = !batch.mayBeWritten;
            return sequencesForgotten;
        }
        // acks=0 is content with losses and not with duplicates.
        return error.retriable()
                && (settings.acks() != Acks.NONE || error.writeStatus() == WriteStatus.NOT_WRITTEN);
    }

    /** Ends what was sent and has run out of time. */
    void expire(long nowNanos) {
        while (!window.isEmpty() && deadlineNanos(window.getFirst()) <= nowNanos) {
            ProducerBatch batch = window.getFirst();
            end(batch, timedOut(batch), batch.mayBeWritten || batch.onWire);
        }
    }

    private GatewayError timedOut(ProducerBatch batch) {
        GatewayError last = batch.lastError;
        String story =
                "delivery.timeout.ms=%d ran out after %d %s, the last of which %s"
                        .formatted(
                                settings.deliveryTimeoutNanos() / 1_000_000,
                                batch.attempts,
                                batch.attempts == 1 ? "attempt" : "attempts",
                                last == null || batch.onWire
                                        ? "was not answered"
                                        : "ended with " + last.code() + ": " + last.message());
        String code = last == null ? GatewayError.REQUEST_TIMED_OUT : last.code();
        return new GatewayError(code, story, true, WriteStatus.MAY_HAVE_BEEN_WRITTEN, 0);
    }

    /** Ends everything that was sent: the producer gives up. */
    void abandon(GatewayError why) {
        while (!window.isEmpty()) {
            ProducerBatch batch = window.getFirst();
            end(batch, why, batch.mayBeWritten || batch.onWire);
        }
    }

    private void end(ProducerBatch batch, GatewayError why, boolean mayBeWritten) {
        batch.ended = true;
        window.remove(batch);
        if (settings.idempotent()) {
            int at = lost.size();
            while (at > 0 && lost.get(at - 1).ordinal > batch.ordinal) {
                at--;
            }
            lost.add(at, batch);
        }
        callbacks.failed(
                batch,
                why,
                mayBeWritten ? WriteStatus.MAY_HAVE_BEEN_WRITTEN : WriteStatus.NOT_WRITTEN);
    }

    /** When this batch must have ended. */
    long deadlineNanos(ProducerBatch batch) {
        return batch.createdNanos() + settings.deliveryTimeoutNanos();
    }

    /**
     * When to look again if nothing happens before: a retry falls due, or time runs out.
     *
     * @return {@link Long#MAX_VALUE} if only something new can change anything
     */
    long wakeAtNanos(long nowNanos) {
        if (window.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long wakeAt = deadlineNanos(window.getFirst());
        ProducerBatch again = firstToSendAgain();
        // One that is due already is held back by something else, which wakes the sender itself.
        if (again == null || unanswered > 0 || again.retryAtNanos <= nowNanos) {
            return wakeAt;
        }
        return Math.min(wakeAt, again.retryAtNanos);
    }

    /** Whether nothing can be sent for want of an identity; see {@link #give}. */
    boolean wantsIdentity() {
        return settings.idempotent() && identity == null;
    }

    /** The identity that must not be given again: its sequences have come to a bad end here. */
    @Nullable ProducerIdentity spentIdentity() {
        return spentIdentity;
    }

    /** Counts from 0 under this identity, which no batch of this partition has ever carried. */
    void give(ProducerIdentity fresh) {
        identity = fresh;
        nextSequence = 0;
    }

    /** Puts what was sent and has not ended behind what is in the list. */
    void addAllTo(List<ProducerBatch> batches) {
        batches.addAll(window);
    }

    /** Whether nothing is under way, not even an attempt whose batch has ended. */
    boolean isIdle() {
        return window.isEmpty() && unanswered == 0;
    }
}
