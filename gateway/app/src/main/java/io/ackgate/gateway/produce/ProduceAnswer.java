package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.Failure;
import io.ackgate.v1.Receipt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a whole request.
 *
 * @param receipts one per partition that was written to
 * @param failure why not every record was acknowledged; speaks of those that no receipt names. Null
 *     if all were
 */
public record ProduceAnswer(List<Receipt> receipts, @Nullable Failure failure) {
    static ProduceAnswer refused(Failure failure) {
        return new ProduceAnswer(List.of(), failure);
    }
}
