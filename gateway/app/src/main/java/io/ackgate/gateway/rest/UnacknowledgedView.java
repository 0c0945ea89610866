package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ackgate.gateway.produce.ProduceAnswer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Records that their partition did not acknowledge, while others of the request were written. */
@RegisterForReflection // Leaves in a list of two kinds, where the native build does not see it.
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Unacknowledged")
record UnacknowledgedView(
        @Schema(examples = "earthquakes") String topic,
        @Schema(examples = "3") int partition,
        @Schema(examples = "1") int recordCount,
        @Schema(description = "Which records these are, from 0") List<Integer> recordIndexes,
        @Schema(description = "Why, and whether they were written") @Nullable Problem problem) {

    static UnacknowledgedView of(String topic, ProduceAnswer.Share share, String path) {
        return new UnacknowledgedView(
                topic,
                share.partition(),
                share.recordCount(),
                share.recordIndexes(),
                Problem.of(share.failure(), path));
    }
}
