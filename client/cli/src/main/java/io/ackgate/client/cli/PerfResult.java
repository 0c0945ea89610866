package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run of load came to.
 *
 * @param latencies of acknowledged records, microseconds, from the intended send
 * @param sent records, warm-up included
 * @param failed records that were not acknowledged, warm-up included
 * @param firstError why the first of them was not
 * @param seconds from the first record that counts to the last acknowledgement
 * @param maxLateSeconds how far the sending fell behind its schedule, at most
 * @param clientCpu of this process meanwhile
 * @param recordBytes size of a value
 */
record PerfResult(
        Histogram latencies,
        long sent,
        long failed,
        @Nullable String firstError,
        double seconds,
        double maxLateSeconds,
        Duration clientCpu,
        int recordBytes) {
    private static final double MICROS_PER_MILLI = 1_000.0;
    private static final double BYTES_PER_MEGABYTE = 1_000_000.0;
    private static final double MILLION = 1_000_000.0;

    static Table table() {
        return new Table(
                "RUN",
                "RECORDS",
                "RECORDS/S",
                "MB/S",
                "P50 MS",
                "P90 MS",
                "P99 MS",
                "P99.9 MS",
                "MAX MS",
                "FAILED",
                "CLIENT CPU S/MILLION");
    }

    void addTo(Table table, int run) {
        table.row(
                run,
                latencies.getTotalCount(),
                number("%.0f", perSecond()),
                number("%.1f", perSecond() * recordBytes / BYTES_PER_MEGABYTE),
                millis(50),
                millis(90),
                millis(99),
                millis(99.9),
                millis(100),
                failed,
                number("%.1f", cpuPerMillion()));
    }

    private String millis(double percentile) {
        return number("%.2f", latencies.getValueAtPercentile(percentile) / MICROS_PER_MILLI);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    double perSecond() {
        return seconds <= 0 ? 0 : latencies.getTotalCount() / seconds;
    }

    private double cpuPerMillion() {
        long records = latencies.getTotalCount();
        return records == 0 ? 0 : clientCpu.toMillis() / 1_000.0 * MILLION / records;
    }

    ObjectNode json() {
        ObjectNode json =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("records", latencies.getTotalCount())
                        .put("recordsSent", sent)
                        .put("failed", failed)
                        .put("seconds", rounded(seconds))
                        .put("recordsPerSecond", rounded(perSecond()))
                        .put(
                                "megabytesPerSecond",
                                rounded(perSecond() * recordBytes / BYTES_PER_MEGABYTE))
                        .put("recordBytes", recordBytes)
                        .put("maxLateMs", rounded(maxLateSeconds * 1_000))
                        .put("clientCpuSecondsPerMillion", rounded(cpuPerMillion()));
        ObjectNode percentiles = json.putObject("latencyMs");
        for (double percentile : new double[] {50, 90, 95, 99, 99.9, 99.99, 100}) {
            String name = percentile == 100 ? "max" : "p" + Double.toString(percentile);
            percentiles.put(
                    name.endsWith(".0") ? name.substring(0, name.length() - 2) : name,
                    latencies.getValueAtPercentile(percentile) / MICROS_PER_MILLI);
        }
        percentiles.put("mean", rounded(latencies.getMean() / MICROS_PER_MILLI));
        if (firstError != null) {
            json.put("firstError", firstError);
        }
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
