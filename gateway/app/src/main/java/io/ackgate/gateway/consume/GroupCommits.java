package io.ackgate.gateway.consume;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.offsets.CommittedOffsets.CommitOutcome;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.PartitionId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Commits of offsets that can be: none beyond the end of its partition, none of an epoch that the
 * partition has not had. All of a request are looked at before any of it is stored. Fulfilled on a
 * thread of a partition or of the metadata store: go on elsewhere.
 */
@Singleton
public class GroupCommits {
    /** How long a commit waits for a partition that changes its owner just now. */
    private static final int WAIT_MILLIS = 5_000;

    private final PartitionReads reads;
    private final CommittedOffsets committed;
    private final ConsumeMeter meter;

    /** Asks partitions for their ends, and stores what can be. */
    public GroupCommits(PartitionReads reads, CommittedOffsets committed, ConsumeMeter meter) {
        this.reads = reads;
        this.committed = committed;
        this.meter = meter;
    }

    /**
     * An offset to be committed.
     *
     * @param leaderEpoch in which its last record was read, 1 or more; -1 if that is not known
     */
    public record Commit(int partition, long offset, int leaderEpoch, String metadata) {}

    /** What a group has committed for a partition; empty if nothing. */
    public CompletionStage<Optional<CommittedOffsets.Position>> committed(
            Caller caller, String group, PartitionId partition) {
        return committed.get(group, partition);
    }

    /** Completes when all are durable; fails with the first thing that is wrong with them. */
    public Uni<Void> commit(Caller caller, String group, Topic topic, List<Commit> commits) {
        return Uni.join()
                .all(commits.stream().map(commit -> require(caller, topic, commit)).toList())
                .andFailFast()
                .chain(
                        () ->
                                Uni.join()
                                        .all(
                                                commits.stream()
                                                        .map(commit -> store(group, topic, commit))
                                                        .toList())
                                        .andFailFast())
                .replaceWithVoid();
    }

    /**
     * The end is asked of the owner: one that is still recovering has it later, and a partition
     * that has no owner is no reason to call an offset wrong.
     */
    private Uni<Void> require(Caller caller, Topic topic, Commit commit) {
        return reads.listOffset(
                        caller,
                        topic,
                        commit.partition(),
                        PartitionInput.Position.LATEST,
                        0,
                        WAIT_MILLIS)
                .invoke(end -> require(topic, commit, end))
                .replaceWithVoid();
    }

    private static void require(Topic topic, Commit commit, FetchOutcome.Position end) {
        if (commit.offset() > end.offset()) {
            throw new Failure(
                            ErrorCode.OFFSET_OUT_OF_RANGE,
                            null,
                            "offset %d of %s-%d is beyond the high watermark %d: commit the next offset to be read, 0 to %d"
                                    .formatted(
                                            commit.offset(),
                                            topic.name(),
                                            commit.partition(),
                                            end.offset(),
                                            end.offset()),
                            "offsets.offset",
                            end.leaderEpoch())
                    .asException();
        }
        if (commit.leaderEpoch() > end.leaderEpoch()) {
            throw new Failure(
                            ErrorCode.UNKNOWN_LEADER_EPOCH,
                            null,
                            "leader epoch %d of %s-%d is above %d, in which its owner answers: give the one of the answer that held the last record, or none"
                                    .formatted(
                                            commit.leaderEpoch(),
                                            topic.name(),
                                            commit.partition(),
                                            end.leaderEpoch()),
                            "offsets.leader_epoch",
                            end.leaderEpoch())
                    .asException();
        }
    }

    private Uni<Void> store(String group, Topic topic, Commit commit) {
        return Uni.createFrom()
                .completionStage(
                        () ->
                                committed.commit(
                                        group,
                                        topic.partition(commit.partition()),
                                        commit.offset(),
                                        commit.leaderEpoch(),
                                        commit.metadata()))
                .onFailure()
                .transform(why -> Failures.metadataSilent(why).asException())
                .invoke(
                        outcome -> {
                            if (outcome instanceof CommitOutcome.Refused refused) {
                                meter.commitRefused(refused.error());
                                throw Failures.of(refused).asException();
                            }
                        })
                .replaceWithVoid();
    }
}
