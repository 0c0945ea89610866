package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ackgate.gateway.consume.GroupProgress.Progress;
import io.ackgate.gateway.offsets.ConsumerGroups.Group;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A consumer group. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Group", description = "A consumer group that has committed offsets")
record GroupView(
        @Schema(examples = "billing") String group,
        @Schema(description = "Partitions in which it has committed an offset", examples = "3")
                int partitions,
        @Schema(description = "Its last commit, milliseconds since 1970") long lastCommitMs,
        @Schema(description = "Records that it has not read, where all partitions tell")
                @Nullable Long lag,
        @Schema(description = "What it has committed; left out in lists")
                @Nullable List<PositionView> offsets) {

    /** How far a group has come in one partition. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "GroupOffset")
    record PositionView(
            String topic,
            @Schema(examples = "0") int partition,
            @Schema(description = "The next offset to be read", examples = "1700") long offset,
            @Schema(description = "Epoch that it was committed with") @Nullable Integer leaderEpoch,
            @Schema(description = "Text of the consumer's own") @Nullable String metadata,
            @Schema(description = "When it was committed, milliseconds since 1970")
                    long committedMs,
            @Schema(description = "First offset that cannot be read yet", examples = "1707")
                    @Nullable Long highWatermark,
            @Schema(description = "Records that it has not read", examples = "7")
                    @Nullable Long lag) {

        private static PositionView of(Progress progress) {
            int epoch = progress.position().leaderEpoch();
            String metadata = progress.position().metadata();
            return new PositionView(
                    progress.topic(),
                    progress.partition(),
                    progress.position().offset(),
                    epoch < 0 ? null : epoch,
                    metadata.isEmpty() ? null : metadata,
                    progress.position().committedMillis(),
                    progress.highWatermark().isPresent()
                            ? progress.highWatermark().getAsLong()
                            : null,
                    lagOf(progress));
        }
    }

    private static @Nullable Long lagOf(Progress progress) {
        return progress.lag().isPresent() ? progress.lag().getAsLong() : null;
    }

    static GroupView of(Group group) {
        return new GroupView(group.name(), group.positions(), group.lastCommitMillis(), null, null);
    }

    static GroupView of(String group, List<Progress> all) {
        boolean known = all.stream().allMatch(each -> each.lag().isPresent());
        return new GroupView(
                group,
                all.size(),
                all.stream().mapToLong(each -> each.position().committedMillis()).max().orElse(0),
                known ? all.stream().mapToLong(each -> each.lag().orElse(0)).sum() : null,
                all.stream().map(PositionView::of).toList());
    }
}
