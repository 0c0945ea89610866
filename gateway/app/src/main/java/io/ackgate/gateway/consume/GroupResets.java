package io.ackgate.gateway.consume;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.consume.GroupCommits.Commit;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.PartitionInput.Position;
import io.ackgate.gateway.topic.Topic;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Sets the offsets of a group to a position, as kafka-consumer-groups --reset-offsets does. A
 * consumer that is at work meanwhile may commit over it. Fulfilled on a thread of a partition or of
 * the metadata store: go on elsewhere.
 */
@Singleton
public class GroupResets {
    /** How long it waits for a partition that changes its owner just now. */
    private static final int WAIT_MILLIS = 5_000;

    private final PartitionReads reads;
    private final GroupCommits commits;

    GroupResets(PartitionReads reads, GroupCommits commits) {
        this.reads = reads;
        this.commits = commits;
    }

    /** Where a group is to go on. */
    public sealed interface Target {
        /** The first record that is there. */
        record Earliest() implements Target {}

        /** The next record to be committed. */
        record Latest() implements Target {}

        /** An offset, 0 to the high watermark. */
        record Offset(long offset) implements Target {}

        /** The first record of that time or later, in milliseconds since 1970; the end if none. */
        record Timestamp(long millis) implements Target {}
    }

    /**
     * Completes when all are durable. Nothing is changed where a position cannot be found or is
     * refused; where the metadata store fails, some of the offsets may be stored and others not.
     */
    public Uni<Void> reset(
            Caller caller, String group, Topic topic, List<Integer> partitions, Target target) {
        return Uni.join()
                .all(partitions.stream().map(p -> position(caller, topic, p, target)).toList())
                .andFailFast()
                .flatMap(all -> commits.commit(caller, group, topic, all));
    }

    private Uni<Commit> position(Caller caller, Topic topic, int partition, Target target) {
        Uni<Long> offset =
                switch (target) {
                    case Target.Earliest() -> find(caller, topic, partition, Position.EARLIEST, 0);
                    case Target.Latest() -> find(caller, topic, partition, Position.LATEST, 0);
                    case Target.Offset(long given) -> Uni.createFrom().item(given);
                    case Target.Timestamp(long millis) ->
                            find(caller, topic, partition, Position.TIMESTAMP, millis)
                                    .flatMap(
                                            found ->
                                                    found >= 0
                                                            ? Uni.createFrom().item(found)
                                                            : find(
                                                                    caller,
                                                                    topic,
                                                                    partition,
                                                                    Position.LATEST,
                                                                    0));
                };
        return offset.map(found -> new Commit(partition, found, -1, ""));
    }

    private Uni<Long> find(
            Caller caller, Topic topic, int partition, Position position, long millis) {
        return reads.listOffset(caller, topic, partition, position, millis, WAIT_MILLIS)
                .map(FetchOutcome.Position::offset);
    }
}
