package io.ackgate.storage.api;

import java.util.UUID;

/**
 * Whose data directory it is that a node serves.
 *
 * @param clusterId the cluster's name; no line breaks
 * @param node the storage node
 * @param directory the data directory's own id, new for every one
 */
public record NodeIdentity(String clusterId, NodeId node, UUID directory) {}
