package io.ackgate.simulation.check;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.partition.ProduceOutcome;
import java.util.Set;

/** What must be true when a gateway ends an attempt as failed. */
final class FailedAttempts {
    private static final Set<ErrorCode> ABOUT_THIS_ATTEMPT =
            Set.of(
                    ErrorCode.NOT_ENOUGH_REPLICAS,
                    ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                    ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                    ErrorCode.UNKNOWN_PRODUCER_ID);

    private FailedAttempts() {}

    static void failed(
            PartitionWatch watch,
            GatewaySession gateway,
            Attempt attempt,
            ProduceOutcome.Failed failed,
            PartitionStatus status) {
        ErrorCode error = failed.error();
        Violation.unless(
                error.allows(failed.writeStatus()),
                Invariant.ERRORS_SAY_WHAT_THEIR_TABLE_ALLOWS,
                () -> error + " says " + failed.writeStatus() + " of " + attempt.batch());
        SequenceAnswers.failed(watch, gateway, attempt.batch(), error, status);
        if (failed.writeStatus() == WriteStatus.NOT_WRITTEN) {
            Ledger.refused(attempt, gateway);
            if (ABOUT_THIS_ATTEMPT.contains(error)) {
                Acknowledgements.refused(watch, gateway, attempt.batch(), error, status);
            }
        }
    }
}
