package io.ackgate.gateway.partition.reads;

import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.storage.api.PartitionId;

/** What a consumer is told whose request ends without records, and what to do about it. */
final class ReadRefusals {
    private ReadRefusals() {}

    static FetchOutcome tooManyAsked(PartitionId partition) {
        return new FetchOutcome.Throttled(
                "%d reads of %s are under way, as many as may; try again later"
                        .formatted(AskedReads.MAX, partition));
    }

    static FetchOutcome tooManyWait(int waiting, PartitionId partition) {
        return new FetchOutcome.Throttled(
                "%d reads of %s wait already, and of all partitions as many as may; try again later"
                        .formatted(waiting, partition));
    }

    static FetchOutcome leaderCorrupt(String where) {
        return new FetchOutcome.Unavailable(
                "the leader's log is corrupt %s, and is replaced once another is whole; try again"
                        .formatted(where));
    }

    static FetchOutcome notYet(PartitionId partition) {
        return new FetchOutcome.Unavailable(
                partition
                        + " cannot answer yet: its replicas recover, or the leader's disk does not"
                        + " answer; try again");
    }

    static FetchOutcome leaderSilent(PartitionId partition) {
        return new FetchOutcome.Unavailable(
                "the leader of %s did not answer a read; try again".formatted(partition));
    }
}
