package io.ackgate.gateway.partition;

import io.ackgate.storage.api.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * An operator's word that a replica may lead that is not in sync.
 *
 * @param leader who is to lead; null for the replica that holds most
 * @param emptyLog whether the leader may begin with a new, empty log once every replica has
 *     answered that it has none, or a corrupt one: all that was written before is given up then
 */
public record Mandate(@Nullable NodeId leader, boolean emptyLog) {
    /** The replica that holds most, of those that answer. */
    public static final Mandate LONGEST = new Mandate(null, false);

    /** That replica and no other. */
    public static Mandate of(NodeId leader) {
        return new Mandate(leader, false);
    }
}
