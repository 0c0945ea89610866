package io.ackgate.gateway.processes;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What one SIGTERM cost.
 *
 * @param exitMillis from the signal to the end of the process
 * @param pauseMillis the longest time between two acknowledgements of a stream before its end
 * @param gapMillis from the last acknowledgement of the old process to the first of the new one,
 *     which was started at once
 * @param acknowledged records that the streams have written
 */
record DrainTimes(long exitMillis, long pauseMillis, long gapMillis, int acknowledged) {
    static DrainTimes of(long exitNanos, List<DrainedStream> streams, long firstNanos) {
        return new DrainTimes(
                TimeUnit.NANOSECONDS.toMillis(exitNanos),
                streams.stream().mapToLong(DrainedStream::longestGapMillis).max().orElseThrow(),
                TimeUnit.NANOSECONDS.toMillis(
                        firstNanos
                                - streams.stream()
                                        .mapToLong(DrainedStream::lastNanos)
                                        .max()
                                        .orElseThrow()),
                streams.stream().mapToInt(stream -> stream.acknowledged().size()).sum());
    }

    /** Several of them: least, median and most of each. */
    static String summary(List<DrainTimes> times) {
        return "SIGTERM %d times: exit after %s ms, longest pause before it %s ms, without acknowledgement %s ms, %d acknowledged"
                .formatted(
                        times.size(),
                        spread(times, DrainTimes::exitMillis),
                        spread(times, DrainTimes::pauseMillis),
                        spread(times, DrainTimes::gapMillis),
                        times.stream().mapToInt(DrainTimes::acknowledged).sum());
    }

    private static String spread(List<DrainTimes> times, ToLongFunction<DrainTimes> of) {
        long[] sorted = times.stream().mapToLong(of).sorted().toArray();
        return "%d / %d / %d"
                .formatted(sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]);
    }
}
