package io.ackgate.gateway.metadata;

import io.ackgate.storage.api.NodeId;

/**
 * A storage node that belongs to the cluster.
 *
 * @param cookie identity of its data directory, a UUID: another cookie under the same number is
 *     another disk
 * @param registeredMillis when it was registered, milliseconds since 1970
 */
public record NodeRegistration(NodeId node, String cookie, long registeredMillis) {}
