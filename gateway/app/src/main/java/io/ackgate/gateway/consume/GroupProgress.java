package io.ackgate.gateway.consume;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.offsets.CommittedOffsets.Position;
import io.ackgate.gateway.offsets.ConsumerGroups;
import io.ackgate.gateway.offsets.ConsumerGroups.Group;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.PartitionId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Groups with what they have committed and how far that is behind. Fulfilled on a thread of a
 * partition or of the metadata store: go on elsewhere.
 */
@Singleton
public class GroupProgress {
    private final ConsumerGroups groups;
    private final Topics topics;
    private final GatewayRuntime runtime;

    GroupProgress(ConsumerGroups groups, Topics topics, GatewayRuntime runtime) {
        this.groups = groups;
        this.topics = topics;
        this.runtime = runtime;
    }

    /**
     * How far a group has come in one partition.
     *
     * @param highWatermark of the partition; empty where this gateway does not know it just now
     */
    public record Progress(
            String topic, int partition, Position position, OptionalLong highWatermark) {
        /** Records that the group has not read, 0 or more; empty where that is not known. */
        public OptionalLong lag() {
            return highWatermark.isPresent()
                    ? OptionalLong.of(Math.max(0, highWatermark.getAsLong() - position.offset()))
                    : OptionalLong.empty();
        }
    }

    /** Groups in the order of their names, after the one that is named. */
    public List<Group> list(Caller caller, String after, int most) {
        return groups.list(after, most);
    }

    /** Everything a group has committed, by topic and partition; fails if that is nothing. */
    public Uni<List<Progress>> describe(Caller caller, String group) {
        Map<PartitionId, Position> positions = groups.positions(RequestChecks.group(group));
        if (positions.isEmpty()) {
            throw unknown(group);
        }
        return Uni.createFrom()
                .completionStage(runtime::statuses)
                .map(
                        statuses ->
                                positions.entrySet().stream()
                                        .map(
                                                each ->
                                                        progress(
                                                                each.getKey(),
                                                                each.getValue(),
                                                                statuses.get(each.getKey())))
                                        .filter(Objects::nonNull)
                                        .sorted(
                                                Comparator.comparing(Progress::topic)
                                                        .thenComparingInt(Progress::partition))
                                        .toList());
    }

    /** Null for a topic that is about to be deleted. */
    private @Nullable Progress progress(
            PartitionId partition, Position position, @Nullable PartitionStatus status) {
        Topic topic = topics.cached(partition.topic());
        if (topic == null) {
            return null;
        }
        return new Progress(topic.name(), partition.partition(), position, highWatermark(status));
    }

    private static OptionalLong highWatermark(@Nullable PartitionStatus status) {
        return status == null || status.highWatermark() < 0
                ? OptionalLong.empty()
                : OptionalLong.of(status.highWatermark());
    }

    /** Forgets a group; fails if there is none. */
    public Uni<Void> delete(Caller caller, String group) {
        String name = RequestChecks.group(group);
        return Uni.createFrom()
                .completionStage(() -> groups.delete(name))
                .onFailure()
                .transform(why -> Failures.metadataSilent(why).asException())
                .invoke(
                        existed -> {
                            if (!existed) {
                                throw unknown(name);
                            }
                        })
                .replaceWithVoid();
    }

    private static RuntimeException unknown(String group) {
        return Failure.refused(
                        ErrorCode.GROUP_ID_NOT_FOUND,
                        "group",
                        "group %s has committed no offsets".formatted(group))
                .asException();
    }
}
