package io.ackgate.simulation.check;

import io.ackgate.storage.api.Incarnation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a replica's log holds, followed from step to step, and how far it agrees with the truth. */
final class ReplicaModel {
    private final List<Placement> log = new ArrayList<>();
    private Incarnation incarnation = Incarnation.NONE;
    private Incarnation promising = Incarnation.NONE;
    private long start;
    private long end;
    private long agreedEnd;
    private int producers;

    /**
     * Greatest log end offset acknowledged or promised by {@link #promising}: it must not shrink.
     */
    private long promisedEnd;

    /**
     * How far the log may be cut by a request that has not been answered; what is answered
     * meanwhile promises nothing above.
     */
    private long cuttingTo = Long.MAX_VALUE;

    /** How many batches of the log are marked as acknowledged by this replica. */
    private int acknowledged;

    /** The node's disk has decayed without its knowledge: nothing is expected of what is on it. */
    private boolean decayed;

    /** The same of this log only. */
    private boolean rotten;

    /** Every name that a rotten log has had: it is back if its end was not durable. */
    private final Set<Incarnation> rottenLogs = new HashSet<>();

    /** Reads have failed for a while: what they did not give may be taken for lost. */
    private boolean readsFailed;

    Incarnation incarnation() {
        return incarnation;
    }

    long end() {
        return end;
    }

    long start() {
        return start;
    }

    /** How many producers the log tells of, as its node says. */
    int producers() {
        return producers;
    }

    void setProducers(int now) {
        producers = now;
    }

    long agreedEnd() {
        return agreedEnd;
    }

    long promisedEnd() {
        return promisedEnd;
    }

    boolean isDecayed() {
        return decayed || rotten;
    }

    /** Whether this log has rotted, by whatever name it is known. */
    boolean isRotten() {
        return rotten;
    }

    void setDecayed(boolean now) {
        decayed = now;
        rotten &= now;
        if (!rotten) {
            rottenLogs.clear();
        }
    }

    void readsFail() {
        readsFailed = true;
    }

    boolean readsFailed() {
        return readsFailed;
    }

    void setRotten() {
        rotten = true;
        if (!promising.equals(Incarnation.NONE)) {
            rottenLogs.add(promising);
        }
    }

    List<Placement> log() {
        return log;
    }

    /**
     * The log is another one; a rotten one is gone if that one is empty, until it is back because
     * the node ended too early. One that is faulty shows nothing of itself, and is still there.
     */
    void setIncarnation(Incarnation now, boolean empty) {
        boolean another = !now.equals(incarnation) && !now.equals(Incarnation.NONE);
        if (rotten && empty && another) {
            rotten = false;
            restart(0);
        }
        rotten |= rottenLogs.contains(now);
        setIncarnation(now);
        if (rotten && !now.equals(Incarnation.NONE)) {
            rottenLogs.add(now);
        }
    }

    void setIncarnation(Incarnation now) {
        incarnation = now;
        if (!now.equals(Incarnation.NONE) && !now.equals(promising)) {
            promising = now;
            promisedEnd = 0;
        }
    }

    /** Its disk is gone, and with it all that was promised. */
    void wiped() {
        restart(0);
        setDecayed(false);
        incarnation = Incarnation.NONE;
        promising = Incarnation.NONE;
        promisedEnd = 0;
        readsFailed = false;
    }

    /** The log that has promised so much; it may be faulty now, and come back. */
    Incarnation promising() {
        return promising;
    }

    void promise(long logEnd) {
        promisedEnd = Math.max(promisedEnd, Math.min(logEnd, cuttingTo));
    }

    /** The replica was told to cut its log: what it had promised above is void. */
    void allowCut(long logEnd) {
        promisedEnd = Math.min(promisedEnd, logEnd);
        cuttingTo = Math.min(cuttingTo, logEnd);
    }

    /** The request has been answered: from now on promises hold again. */
    void cutAnswered() {
        cuttingTo = Long.MAX_VALUE;
    }

    /** Forgets everything: the log is read anew. */
    void restart(long logStart) {
        log.clear();
        start = logStart;
        end = logStart;
        agreedEnd = logStart;
        acknowledged = 0;
    }

    void moveStart(long logStart) {
        int gone = 0;
        while (gone < log.size() && log.get(gone).endOffset() <= logStart) {
            gone++;
        }
        log.subList(0, gone).clear();
        acknowledged = Math.max(0, acknowledged - gone);
        start = logStart;
        agreedEnd = Math.max(agreedEnd, start);
    }

    /** Takes the log's end as it is said to be; what is in the log cannot be seen. */
    void believe(long logEnd) {
        end = logEnd;
    }

    void append(Placement next) {
        log.add(next);
        end = next.endOffset();
    }

    void truncate(long logEnd) {
        while (!log.isEmpty() && log.get(log.size() - 1).endOffset() > logEnd) {
            log.remove(log.size() - 1);
        }
        end = log.isEmpty() ? start : log.get(log.size() - 1).endOffset();
        agreedEnd = Math.min(agreedEnd, end);
        acknowledged = Math.min(acknowledged, log.size());
    }

    /** The batches that an acknowledgement up to {@code logEnd} covers and no earlier one did. */
    List<Placement> newlyAcknowledged(long logEnd) {
        int from = acknowledged;
        while (acknowledged < log.size() && log.get(acknowledged).endOffset() <= logEnd) {
            acknowledged++;
        }
        return log.subList(from, acknowledged);
    }

    /** Compares what is new on either side. */
    void agree(Truth truth) {
        int index = indexOf(agreedEnd);
        while (index < log.size()) {
            Placement mine = log.get(index);
            if (mine.baseOffset() != agreedEnd || truth.at(agreedEnd) != mine) {
                return;
            }
            agreedEnd = mine.endOffset();
            index++;
        }
    }

    /** Index of the first batch that starts at or above an offset. */
    private int indexOf(long offset) {
        int low = 0;
        int high = log.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (log.get(middle).baseOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The batch that starts at an offset, null if none does. */
    @Nullable Placement at(long baseOffset) {
        int index = indexOf(baseOffset);
        return index < log.size() && log.get(index).baseOffset() == baseOffset
                ? log.get(index)
                : null;
    }
}
