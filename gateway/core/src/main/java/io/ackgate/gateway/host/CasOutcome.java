package io.ackgate.gateway.host;

import io.ackgate.gateway.metadata.PartitionState;

/** How a compare-and-set of a partition's state ended. */
public sealed interface CasOutcome {
    /** It was applied and the state has this version. */
    record Applied(long version) implements CasOutcome {}

    /** It was refused: this is stored instead. */
    record Refused(long version, PartitionState stored) implements CasOutcome {}

    /** It was refused because nothing is stored: the topic was deleted. */
    record Gone() implements CasOutcome {}

    /** It may have been applied, or may be yet. */
    record Unknown() implements CasOutcome {}
}
