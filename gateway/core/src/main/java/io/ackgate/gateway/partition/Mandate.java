package io.ackgate.gateway.partition;

import io.ackgate.storage.api.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * An operator's word that a replica may lead that is not in sync.
 *
 * @param leader who is to lead; null for whoever holds most
 */
record Mandate(@Nullable NodeId leader) {}
