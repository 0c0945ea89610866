package io.ackgate.storage.engine;

/**
 * What every checkpoint of one start has in common.
 *
 * @param oldestSerial logs of lower serials were there when the checkpoint was lost that knew them
 */
record CheckpointStamp(String bootId, long oldestSerial) {}
