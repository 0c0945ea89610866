package io.ackgate.gateway.rest;

import io.ackgate.gateway.admin.LeaderElections.UncleanElection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Who is to lead a partition. */
@Schema(name = "LeaderChoice", description = "Who is to lead a partition that is offline")
record LeaderChoice(
        @Schema(
                        description =
                                "Must be true: a replica may lead that is not in sync, and what"
                                        + " only the others held is lost",
                        examples = "true")
                @Nullable Boolean unclean,
        @Schema(
                        description =
                                "Node of the replica that is to lead; by default the one that holds"
                                        + " most of those that answer",
                        examples = "2")
                @Nullable Integer leader,
        @Schema(
                        description =
                                "With true: where every replica has answered that it has no log, or"
                                    + " a corrupt one, the leader begins with a new, empty log at"
                                    + " offset 0, and every record of the partition is given up."
                                    + " Nothing of the kind happens while a replica refuses, fails"
                                    + " for another reason or does not answer, however long: a node"
                                    + " that is lost for good is first started with an empty disk."
                                    + " False by default",
                        examples = "false")
                @Nullable Boolean emptyLog) {

    UncleanElection toElection() {
        return new UncleanElection(unclean, leader, emptyLog);
    }
}
