package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.Incarnation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a replica of a partition without a leader says of its log. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ReplicaAnswer", description = "What a replica says of its log")
record ReplicaAnswerView(
        @Schema(examples = "2") int node,
        @Schema(description = "Whether it is in the ISR, as committed") boolean inSync,
        @Schema(
                        description =
                                "NONE: it has not answered. LOG: it has the log that counts."
                                        + " ANOTHER_LOG: its log may lack records. MISSING: it has"
                                        + " no log. FAULTY: its log cannot be used. REFUSED: not at"
                                        + " the moment",
                        examples = "ANOTHER_LOG")
                String answer,
        @Schema(
                        description = "Which log it is; left out when it has none that counts",
                        examples = "3.1")
                @Nullable String incarnation,
        @Schema(description = "Epoch of its last record", examples = "3")
                @Nullable Integer lastEpoch,
        @Schema(description = "Offset behind its last record", examples = "1707")
                @Nullable Long logEndOffset,
        @Schema(description = "What is wrong with it") @Nullable String detail) {

    static ReplicaAnswerView of(PartitionStatus.ReplicaAnswer answer) {
        return new ReplicaAnswerView(
                answer.ref().node().value(),
                answer.ref().inSync(),
                answer.answer().name(),
                answer.incarnation().equals(Incarnation.NONE)
                        ? null
                        : answer.incarnation().toString(),
                answer.lastEpoch() < 0 ? null : answer.lastEpoch(),
                answer.logEnd() < 0 ? null : answer.logEnd(),
                answer.detail().isEmpty() ? null : answer.detail());
    }
}
