package io.ackgate.gateway.partition.takeover;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.LogOutline;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import org.jspecify.annotations.Nullable;

/**
 * A replica that is to lead without being in sync: it is published with an incarnation that it has
 * not got yet, and leads once it answers with it.
 *
 * <p>No state names the logs of the others any more then, so that they are cut to this one. It must
 * still be the log that was elected when it is assigned: on each new stream its node tells first
 * what it has. A leader with a new, empty log is assigned it while every replica says that it has
 * none.
 */
final class UncleanLeader {
    private final NodeId node;
    private final Incarnation incarnation;
    private final PartitionState claimed;
    private final Survey survey;

    /** The answer that was elected; null for a leader that begins with a new, empty log. */
    private final StorageAnswer.@Nullable Fenced elected;

    /** The stream on which the incarnation was last sent, 0 if it has to be sent again. */
    private long assignedOn;

    /** Reads the newest answers of all replicas from {@code survey}, now and later. */
    UncleanLeader(Election.Choice.Unclean chosen, Survey survey, PartitionState claimed) {
        this.node = chosen.leader();
        this.incarnation = Incarnation.of(claimed.leaderEpoch(), 1);
        this.claimed = claimed;
        this.survey = survey;
        this.elected = chosen.keepsLog() ? survey.log(node) : null;
    }

    /** What is published of it. */
    public PartitionState published() {
        return claimed.withUncleanLeader(node, incarnation, elected == null);
    }

    /** Whether it has answered with its incarnation, for the log that was elected. */
    boolean leads() {
        StorageAnswer.Fenced log = survey.log(node);
        return log != null && log.incarnation().equals(incarnation) && holdsWhatWasElected(log);
    }

    private boolean holdsWhatWasElected(StorageAnswer.Fenced log) {
        return elected == null || LogOutline.of(elected).agreesUpTo(log) >= elected.logEnd();
    }

    /** Whether it has shown what it may lead with, on its present stream. */
    private boolean isShown() {
        StorageAnswer.Fenced log = survey.log(node);
        return elected == null
                ? survey.isHopeless(claimed)
                : log != null
                        && log.incarnation().equals(elected.incarnation())
                        && holdsWhatWasElected(log);
    }

    /**
     * Whether another log has been shown than the one by which it was elected. It does not lead.
     */
    boolean isRefuted(Context context) {
        if (elected == null) {
            return !isAssigned(context) && survey.longest(claimed) != null;
        }
        return survey.hasLog(node) ? !isShown() : survey.cannotUseLog(node);
    }

    private boolean isAssigned(Context context) {
        return assignedOn != 0 && assignedOn == context.stream(node);
    }

    /** Gives it its incarnation on its present stream, if that was not done and may be. */
    void assignIfShown(Context context) {
        long stream = context.stream(node);
        if (stream == 0 || isAssigned(context) || !isShown()) {
            return;
        }
        assignedOn = stream;
        context.send(
                node,
                stream,
                new StorageRequest.Assign(
                        context.id,
                        claimed.leaderEpoch(),
                        incarnation,
                        context.settings.replica(),
                        elected != null));
    }

    /** A replica has refused what it was sent. */
    public void refused(NodeId who) {
        if (who.equals(node)) {
            assignedOn = 0;
        }
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
