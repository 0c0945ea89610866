package io.ackgate.gateway.partition.epoch;

import io.ackgate.storage.api.StorageAnswer;

/**
 * What a replica answered to the fence of a takeover: it has promised itself to its epoch.
 *
 * @param stream on which it did; the promise ends with it
 */
public record Promise(long stream, StorageAnswer.Fenced fenced) {}
