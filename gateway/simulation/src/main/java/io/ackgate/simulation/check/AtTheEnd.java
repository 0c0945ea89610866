package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.storage.api.NodeId;
import java.util.List;

/** What must be true once everything has healed. */
final class AtTheEnd {
    private AtTheEnd() {}

    /** Whether every replica is in the ISR and holds exactly what is committed. */
    static boolean isEverywhere(PartitionWatch watch, List<NodeId> replicas) {
        for (NodeId node : replicas) {
            ReplicaModel mirror = watch.mirror(node);
            if (!watch.states().stored().isInSync(node, mirror.incarnation())
                    || mirror.end() != watch.truth().end()) {
                return false;
            }
        }
        return true;
    }

    static void require(PartitionWatch watch, List<NodeId> replicas) {
        for (NodeId node : replicas) {
            ReplicaModel mirror = watch.mirror(node);
            if (mirror.isDecayed()) {
                continue;
            }
            unless(
                    mirror.agreedEnd() == watch.truth().end()
                            && mirror.end() == watch.truth().end(),
                    Invariant.SAME_BYTES_BELOW_HIGH_WATERMARK,
                    () ->
                            "in the end %s holds [%d, %d) and agrees up to %d, %d is committed"
                                    .formatted(
                                            node,
                                            mirror.start(),
                                            mirror.end(),
                                            mirror.agreedEnd(),
                                            watch.truth().end()));
            unless(
                    mirror.producers() == watch.truth().sequences().producers(),
                    Invariant.PRODUCERS_ARE_REMEMBERED,
                    () ->
                            "in the end %s knows %d producers, %d have committed a batch"
                                    .formatted(
                                            node,
                                            mirror.producers(),
                                            watch.truth().sequences().producers()));
        }
    }
}
