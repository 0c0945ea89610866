package io.ackgate.storage.node;

import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.engine.ScrubStatus;
import io.ackgate.storage.engine.StorageEngine;

/**
 * The engine's state as of a moment, taken on its own thread.
 *
 * @param takenNanos when, by the process's monotonic clock
 * @param failed whether the journal cannot be written any more
 * @param diskFull whether appends are refused for lack of space
 * @param journalBytes what a start would have to read of the journal
 * @param clockJumpMillis by how much the wall clock has jumped and is not believed, milliseconds
 * @param scrub how far the search for rot is
 */
record NodeSample(
        long takenNanos,
        boolean failed,
        boolean diskFull,
        long journalBytes,
        int replicas,
        int faultyReplicas,
        long replicaBytes,
        long records,
        long clockJumpMillis,
        ScrubStatus scrub) {

    static NodeSample of(StorageEngine engine, long nowNanos, long clockJumpMillis) {
        int replicas = 0;
        int faulty = 0;
        long bytes = 0;
        long records = 0;
        for (ReplicaStatus replica : engine.describe()) {
            replicas++;
            faulty += replica.fault() == null ? 0 : 1;
            bytes += replica.bytes();
            records += replica.logEnd() - replica.logStart();
        }
        return new NodeSample(
                nowNanos,
                engine.failed(),
                engine.diskFull(),
                engine.journalBytes(),
                replicas,
                faulty,
                bytes,
                records,
                clockJumpMillis,
                engine.scrub());
    }
}
