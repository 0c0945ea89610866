package io.ackgate.simulation.gateway;

import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.simulation.check.Attempt;
import io.ackgate.simulation.check.PositionAsked;
import io.ackgate.simulation.check.Progress;
import io.ackgate.storage.api.PartitionId;
import java.util.function.Consumer;

/** A client that waits for the end of a request; the deadline is by the gateway's own clock. */
sealed interface Caller {
    PartitionId partition();

    long deadlineNanos();

    record OfProduce(
            Attempt attempt, Progress progress, long deadlineNanos, Consumer<ProduceOutcome> answer)
            implements Caller {
        @Override
        public PartitionId partition() {
            return attempt.batch().partition();
        }

        @Override
        public String toString() {
            return attempt.batch().toString();
        }
    }

    record OfFetch(
            PartitionId partition, long offset, long deadlineNanos, Consumer<FetchOutcome> answer)
            implements Caller {
        @Override
        public String toString() {
            return "fetch of p" + partition.partition() + " from " + offset;
        }
    }

    record OfPosition(
            PartitionId partition,
            PositionAsked asked,
            long deadlineNanos,
            Consumer<FetchOutcome> answer)
            implements Caller {
        @Override
        public String toString() {
            return asked + " of p" + partition.partition();
        }
    }
}
