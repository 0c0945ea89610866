package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicCatalog;
import io.ackgate.storage.api.PartitionId;
import java.lang.System.Logger.Level;

/** One line of the log for each event: which partition, what happened, and why. */
final class EventLog implements PartitionEventListener {
    private static final System.Logger LOG = System.getLogger("io.ackgate.partition");

    private final TopicCatalog topics;

    EventLog(TopicCatalog topics) {
        this.topics = topics;
    }

    @Override
    public void happened(PartitionId partition, PartitionEvent event) {
        Level level = level(event);
        if (LOG.isLoggable(level)) {
            // No parameters: braces in a detail are not placeholders.
            LOG.log(level, nameOf(partition) + ": " + text(event));
        }
    }

    private String nameOf(PartitionId partition) {
        Topic topic = topics.topic(partition.topic());
        return topic == null ? partition.toString() : topic.name() + "-" + partition.partition();
    }

    static Level level(PartitionEvent event) {
        return switch (event) {
            case PartitionEvent.InvariantBroken broken -> Level.ERROR;
            case PartitionEvent.Offline offline -> Level.WARNING;
            case PartitionEvent.TakeoverFailed failed ->
                    switch (failed.cause()) {
                        case OTHER -> Level.WARNING;
                        case SUPERSEDED, RESIGNED -> Level.INFO;
                        // Told as Offline when its reason is a new one.
                        case OFFLINE -> Level.DEBUG;
                    };
            case PartitionEvent.UncleanElection unclean -> Level.WARNING;
            case PartitionEvent.Released released -> Level.INFO;
            case PartitionEvent.IsrShrunk shrunk -> Level.WARNING;
            case PartitionEvent.ReplicaLost lost -> Level.WARNING;
            case PartitionEvent.ReplicaDamaged damaged -> Level.WARNING;
            case PartitionEvent.ReplicaRefused refused -> Level.WARNING;
            case PartitionEvent.ReplicaWhole whole -> Level.INFO;
            case PartitionEvent.LeaderChanged changed -> Level.INFO;
            case PartitionEvent.IsrExpanded expanded -> Level.INFO;
            case PartitionEvent.Serving serving -> Level.INFO;
            case PartitionEvent.Stopped stopped -> Level.INFO;
            case PartitionEvent.TakeoverStarted started -> Level.DEBUG;
            case PartitionEvent.Published published -> Level.DEBUG;
            case PartitionEvent.ReplicaReconciled reconciled -> Level.DEBUG;
            case PartitionEvent.DuplicateFound duplicate -> Level.DEBUG;
        };
    }

    static String text(PartitionEvent event) {
        return switch (event) {
            case PartitionEvent.TakeoverStarted(int epoch) -> "takes over in epoch " + epoch;
            case PartitionEvent.Published(var state, long highWatermark, long logEnd) ->
                    "published %s, high watermark %d, log end %d"
                            .formatted(state, highWatermark, logEnd);
            case PartitionEvent.Serving(int epoch, long tookNanos) ->
                    "serves in epoch %d, %d ms after the takeover began"
                            .formatted(epoch, tookNanos / 1_000_000);
            case PartitionEvent.Offline(String reason) -> "is offline: " + reason;
            case PartitionEvent.UncleanElection(
                            int epoch,
                            var leader,
                            boolean byOperator,
                            boolean keepsLog,
                            String answers) ->
                    "%s leads in epoch %d %s, %s; %s is lost: %s"
                            .formatted(
                                    leader,
                                    epoch,
                                    keepsLog ? "without being in sync" : "with a new, empty log",
                                    byOperator
                                            ? "as an operator told"
                                            : "as unclean.leader.election of the topic allows",
                                    keepsLog ? "what it lacks" : "every record before it",
                                    answers);
            case PartitionEvent.Released(int epoch) ->
                    "leaves epoch " + epoch + " to other gateways";
            case PartitionEvent.TakeoverFailed(int epoch, var cause, String reason) ->
                    "takeover of epoch %d failed: %s".formatted(epoch, reason);
            case PartitionEvent.IsrShrunk(var node, String reason, var state) ->
                    "%s left the ISR because %s: %s".formatted(node, reason, state);
            case PartitionEvent.IsrExpanded(var node, var state) ->
                    "%s entered the ISR: %s".formatted(node, state);
            case PartitionEvent.LeaderChanged(var from, var to, String reason) ->
                    "%s leads instead of %s because %s".formatted(to, from, reason);
            case PartitionEvent.ReplicaReconciled(var node, long logEnd, long truncatedFrom) ->
                    truncatedFrom > logEnd
                            ? "%s was reconciled: cut from %d to %d"
                                    .formatted(node, truncatedFrom, logEnd)
                            : "%s was reconciled at %d".formatted(node, logEnd);
            case PartitionEvent.ReplicaLost(var node, String reason) ->
                    "%s needs a new log: %s".formatted(node, reason);
            case PartitionEvent.ReplicaDamaged(var node, String reason) ->
                    "%s has a damaged log, which goes on until another member is whole: %s"
                            .formatted(node, reason);
            case PartitionEvent.ReplicaWhole(var node) ->
                    "%s has a log that was damaged and is whole again".formatted(node);
            case PartitionEvent.ReplicaRefused(var node, String reason) ->
                    "%s refused: %s".formatted(node, reason);
            case PartitionEvent.Stopped(int epoch, var cause, String reason, int pendingRequests) ->
                    "stopped in epoch %d with %d requests pending: %s"
                            .formatted(epoch, pendingRequests, reason);
            case PartitionEvent.InvariantBroken(String detail) ->
                    "stops for a while, since an invariant is broken: " + detail;
            case PartitionEvent.DuplicateFound(long producerId) ->
                    "a retry of producer %d was found in the log".formatted(producerId);
        };
    }
}
