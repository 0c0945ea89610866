package io.ackgate.simulation.run;

import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Violation;
import io.ackgate.simulation.check.VoidReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a seed ended.
 *
 * @param violation null if it ended well
 * @param story its lines, if it was told
 * @param events how many events happened
 * @param committedRecords how many records were committed in all
 * @param retainedRecords how many of them retention has deleted from some log at least
 * @param voids why nothing is promised of some partitions any more, one for each of them
 * @param partitions how many partitions there were
 */
public record Ending(
        long seed,
        @Nullable Violation violation,
        Story story,
        long events,
        long committedRecords,
        long retainedRecords,
        List<VoidReason> voids,
        int partitions) {

    /** What a failing seed prints: how to run it again, what is violated, and how it came to it. */
    public String report(int lines) {
        Violation failed = violation;
        if (failed == null) {
            return "seed " + seed + " ended well";
        }
        return """
        seed %d violates %s
          %s
          found: %s
          replay: ./mvnw -q -pl gateway/simulation -am verify -Dsim.seed=%d
        the end of its story:
        %s
        """
                .formatted(
                        seed,
                        failed.invariant(),
                        failed.invariant().source(),
                        failed.getMessage(),
                        seed,
                        story.last(lines));
    }
}
