package io.ackgate.gateway.partition.takeover;

import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionEvent;
import io.ackgate.gateway.partition.epoch.Epoch;
import io.ackgate.gateway.partition.epoch.Promise;
import io.ackgate.gateway.partition.recovering.Recovering;
import io.ackgate.gateway.partition.role.Context;
import io.ackgate.gateway.partition.role.HeldRequests;
import io.ackgate.gateway.partition.role.Idle;
import io.ackgate.gateway.partition.role.Role;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import java.util.Map;

/** From a published epoch to its owner, if what was promised still holds (protocol, step 5). */
final class EpochStart {
    private EpochStart() {}

    /**
     * Begins the epoch, or fails it. While the publication was under way a stream may have ended,
     * and a replica's next answer may be that of another log.
     *
     * @param promises the newest answer of each replica
     */
    public static Role begin(
            Context context,
            HeldRequests held,
            PartitionState published,
            long version,
            Map<NodeId, Promise> promises,
            long takeoverStartedAt) {
        context.observe(version, published);
        int epoch = published.leaderEpoch();
        NodeId leaderNode = published.leader().orElseThrow();
        Promises named = Promises.named(published, promises);
        StorageAnswer.Fenced leader = named.of(leaderNode);
        if (leader == null) {
            return Idle.afterFailure(
                    context,
                    held,
                    epoch,
                    leaderNode + " has no answer any more, or that of another log");
        }
        String lacking = named.contradiction(leaderNode);
        if (lacking != null) {
            context.distrust(published.replica(leaderNode).orElseThrow());
            return Idle.afterFailure(context, held, epoch, lacking);
        }
        // Retention never passes the high watermark, so a log start is a lower bound of it.
        long highWatermark = Math.max(leader.logStart(), named.greatestHighWatermark());
        context.happened(new PartitionEvent.Published(published, highWatermark, leader.logEnd()));
        Epoch begun =
                new Epoch(context, published, version, leader, highWatermark, takeoverStartedAt);
        return new Recovering(begun, held).reconcile(promises);
    }
}
