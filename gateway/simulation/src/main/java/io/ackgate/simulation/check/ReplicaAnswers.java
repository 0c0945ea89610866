package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;

/** What must be true when a replica says that its log is durable up to an offset. */
final class ReplicaAnswers {
    private ReplicaAnswers() {}

    static void holds(
            PartitionWatch watch,
            NodeId node,
            StorageAnswer answer,
            Incarnation incarnation,
            long logEnd) {
        unless(
                answer.epoch() >= watch.promises(node).fencedEpoch(),
                Invariant.PROMISE_OF_A_FENCE,
                () ->
                        "%s is fenced in epoch %d and answers %s"
                                .formatted(node, watch.promises(node).fencedEpoch(), answer));
        ReplicaModel mirror = watch.mirror(node);
        if (incarnation.equals(Incarnation.NONE)
                || incarnation.value() < mirror.incarnation().value()) {
            // Of a log that does not count, or does not any more: the answer was on its way out.
            return;
        }
        unless(
                incarnation.equals(mirror.incarnation()) && logEnd <= mirror.end(),
                Invariant.ACKNOWLEDGED_IS_DURABLE,
                () ->
                        "%s answers %s, it has the log %s up to %d"
                                .formatted(node, answer, mirror.incarnation(), mirror.end()));
        mirror.promise(logEnd);
        watch.promises(node).spokeFor(incarnation, mirror.start());
        for (Placement placement : mirror.newlyAcknowledged(logEnd)) {
            placement.acknowledgedBy(node);
        }
    }

    /** Only the stream that reconciled last is told of appends. */
    static void onItsStream(
            PartitionWatch watch, NodeId node, StreamSession to, StorageAnswer.Appended appended) {
        unless(
                watch.promises(node).mayWrite(to, appended.epoch()),
                Invariant.ONLY_THE_RECONCILED_STREAM_WRITES,
                () ->
                        "%s acknowledges on %s, which is not the stream that reconciled: %s"
                                .formatted(node, to, appended));
    }

    /** A fence's answer covers every acknowledgement ever sent for this log. */
    static void covers(PartitionWatch watch, NodeId node, StorageAnswer.Fenced fenced) {
        ReplicaModel mirror = watch.mirror(node);
        unless(
                mirror.isDecayed()
                        || !fenced.incarnation().equals(mirror.promising())
                        || fenced.logEnd() >= mirror.promisedEnd(),
                Invariant.PROMISE_OF_A_FENCE,
                () ->
                        "%s answers a fence with log end %d and had promised %d"
                                .formatted(node, fenced.logEnd(), mirror.promisedEnd()));
    }

    /**
     * Only bytes that have decayed are called corrupt, not those that cannot be read at present.
     */
    static void sound(
            PartitionWatch watch, NodeId node, StorageAnswer answer, boolean calledCorrupt) {
        unless(
                !calledCorrupt || watch.mirror(node).isDecayed(),
                Invariant.NOTHING_SOUND_IS_CALLED_CORRUPT,
                () -> "%s answers %s, and no bit of it has flipped".formatted(node, answer));
    }

    /** Bytes that cannot be read are taken for lost only where reads have failed. */
    static void damaged(PartitionWatch watch, NodeId node, StorageAnswer.Damaged damaged) {
        boolean rotOnly =
                damaged.fault() == StorageAnswer.Fault.CORRUPT || !watch.mirror(node).readsFailed();
        sound(watch, node, damaged, rotOnly);
    }
}
