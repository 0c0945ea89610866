package io.ackgate.gateway.produce;

import io.ackgate.gateway.failure.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a whole request.
 *
 * @param receipts one per partition that was written to
 * @param refused one per partition that did not acknowledge its share; none if the request came to
 *     no partition
 * @param failure why not every record was acknowledged; speaks of those that no receipt names. Null
 *     if all were
 */
public record ProduceAnswer(
        List<Receipt> receipts, List<Share> refused, @Nullable Failure failure) {
    /**
     * What one partition says of the records that came to it.
     *
     * @param recordIndexes which records of the request; empty when they are all of them
     */
    public record Share(
            int partition, int recordCount, List<Integer> recordIndexes, Failure failure) {}

    /** The request was refused at the door. */
    public static ProduceAnswer refused(Failure failure) {
        return new ProduceAnswer(List.of(), List.of(), failure);
    }

    /** Whether some records were acknowledged and some were not. */
    public boolean isPartial() {
        return failure != null && !receipts.isEmpty();
    }
}
