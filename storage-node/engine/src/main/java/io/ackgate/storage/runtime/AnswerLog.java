package io.ackgate.storage.runtime;

import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Writes down what happens to which replica and why, and passes the answers on. What happens to
 * every append is not written down; a refusal is, once in a while as long as it is the same, since
 * everything that was under way behind a refused append is refused too.
 */
final class AnswerLog implements AnswerSink {
    private static final System.Logger LOG = System.getLogger(AnswerLog.class.getName());

    /** How long the same refusal of a replica is not repeated. */
    static final long SILENCE_NANOS = 10_000_000_000L;

    private final NodeId node;
    private final AnswerSink next;
    private final LongSupplier clockNanos;

    /** Replicas whose last refusal is kept; the one that was told the longest ago goes first. */
    static final int MAX_TOLD = 10_000;

    /** The refusal that was last written down of each replica. */
    private final Map<PartitionId, Told> told =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<PartitionId, Told> eldest) {
                    return size() > MAX_TOLD;
                }
            };

    private record Told(StorageAnswer.Refusal reason, int epoch, long nanos) {}

    AnswerLog(NodeId node, AnswerSink next, LongSupplier clockNanos) {
        this.node = node;
        this.next = next;
        this.clockNanos = clockNanos;
    }

    @Override
    public void answers(StreamSession session, List<StorageAnswer> answers) {
        for (StorageAnswer answer : answers) {
            write(session, answer);
        }
        next.answers(session, answers);
    }

    private void write(StreamSession session, StorageAnswer answer) {
        switch (answer) {
            case StorageAnswer.Appended _ -> {}
            case StorageAnswer.Reply _ -> {}
            case StorageAnswer.Faulty faulty ->
                    log(
                            Level.ERROR,
                            session,
                            faulty,
                            "is faulty, %s: %s".formatted(faulty.fault(), faulty.detail()));
            case StorageAnswer.Damaged damaged ->
                    log(
                            Level.ERROR,
                            session,
                            damaged,
                            "is damaged and stays in use, %s: %s"
                                    .formatted(damaged.fault(), damaged.detail()));
            case StorageAnswer.Whole whole ->
                    log(Level.INFO, session, whole, "is not damaged any more");
            case StorageAnswer.Refused refused -> refused(session, refused);
            case StorageAnswer.Fenced fenced ->
                    log(
                            Level.DEBUG,
                            session,
                            fenced,
                            "is fenced, incarnation %s, offsets %d to %d, epochs %s"
                                    .formatted(
                                            fenced.incarnation(),
                                            fenced.logStart(),
                                            fenced.logEnd(),
                                            fenced.chain()));
            case StorageAnswer.Reconciled reconciled ->
                    log(
                            Level.DEBUG,
                            session,
                            reconciled,
                            "reconciles at offset " + reconciled.logEnd());
            case StorageAnswer.Missing missing ->
                    log(Level.DEBUG, session, missing, "is asked for and not here");
            case StorageAnswer.Configured configured ->
                    log(Level.DEBUG, session, configured, "has new settings");
            case StorageAnswer.Deleted deleted -> {
                told.remove(deleted.partition());
                log(Level.INFO, session, deleted, "is deleted");
            }
        }
    }

    private void refused(StreamSession session, StorageAnswer.Refused refused) {
        long now = clockNanos.getAsLong();
        Told last = told.get(refused.partition());
        if (last == null
                || last.reason() != refused.reason()
                || last.epoch() != refused.epoch()
                || now - last.nanos() > SILENCE_NANOS) {
            told.put(refused.partition(), new Told(refused.reason(), refused.epoch(), now));
            log(
                    Level.WARNING,
                    session,
                    refused,
                    "refuses: %s (epoch %d, log end %d) %s"
                            .formatted(
                                    refused.reason(),
                                    refused.heldEpoch(),
                                    refused.logEnd(),
                                    refused.detail()));
        }
    }

    private void log(Level level, StreamSession session, StorageAnswer answer, String what) {
        if (LOG.isLoggable(level)) {
            LOG.log(
                    level,
                    "%s: replica %s, epoch %d, stream %d of gateway %x, %s"
                            .formatted(
                                    node,
                                    answer.partition(),
                                    answer.epoch(),
                                    session.stream(),
                                    session.gateway(),
                                    what.strip()));
        }
    }
}
