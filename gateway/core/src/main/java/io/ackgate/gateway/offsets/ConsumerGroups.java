package io.ackgate.gateway.offsets;

import io.ackgate.gateway.offsets.CommittedOffsets.Position;
import io.ackgate.storage.api.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The consumer groups that have committed offsets, as this gateway has heard of them: what it has
 * committed itself is there at once, what another gateway has, a moment later. Any thread.
 */
public interface ConsumerGroups {
    /**
     * A group.
     *
     * @param positions offsets that it has committed, one per partition, 1 or more
     * @param lastCommitMillis its last commit in any partition, milliseconds since 1970
     */
    record Group(String name, int positions, long lastCommitMillis) {}

    /**
     * Groups in the order of their names.
     *
     * @param after the name to go on behind; empty to begin
     * @param most that are answered, 1 or more
     */
    List<Group> list(String after, int most);

    /** What a group has committed; empty if there is no such group. */
    Map<PartitionId, Position> positions(String group);

    /**
     * Forgets what a group has committed. A commit at the same time may be before or after it.
     *
     * @return whether there was anything; durable when it completes, and exceptionally when the
     *     metadata store did not answer: doing it again is harmless
     */
    CompletionStage<Boolean> delete(String group);
}
