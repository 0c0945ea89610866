package io.ackgate.client.cli;

import io.ackgate.client.AckgateProducer;
import io.ackgate.client.ProducerRecord;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run of load. With a rate, record i is due at start + i / rate and its latency counts from
 * then, whenever it was really sent, so that a stall shows in every record that it delayed (no
 * coordinated omission). Without, records go out as fast as a window of outstanding ones allows,
 * and latency counts from the send.
 */
final class PerfLoad {
    private static final long HIGHEST_MICROS = 3_600_000_000L;
    private static final int DIGITS = 3;
    private static final double NANOS = 1e9;
    private static final long LOOK_AROUND_NANOS = 1_000_000L;

    private final AckgateProducer producer;
    private final String topic;
    private final byte[][] payloads;
    private final Plan plan;
    private final Progress progress;
    private final Semaphore window;

    // Written by the sender's loop, read after the flush that waits for all of it.
    private final Histogram latencies = new Histogram(HIGHEST_MICROS, DIGITS);
    private long failed;
    private long lastAckNanos;
    private @Nullable String firstError;
    private volatile long measured;

    /**
     * What to send.
     *
     * @param perSecond offered records per second; 0 for as fast as possible
     * @param window records that may be outstanding
     * @param warmup sent before anything counts
     * @param records to be measured
     */
    record Plan(int perSecond, int window, Duration warmup, long records) {}

    PerfLoad(
            AckgateProducer producer,
            String topic,
            byte[][] payloads,
            Plan plan,
            Progress progress) {
        this.producer = producer;
        this.topic = topic;
        this.payloads = payloads;
        this.plan = plan;
        this.progress = progress;
        this.window = new Semaphore(plan.window);
    }

    PerfResult run() throws InterruptedException {
        long start = System.nanoTime();
        long measureFrom = start + plan.warmup.toNanos();
        Duration cpuAtStart = null;
        long counted = 0;
        long sent = 0;
        long maxLateNanos = 0;
        for (long i = 0; counted < plan.records; i++) {
            long due = plan.perSecond > 0 ? start + (long) (i * NANOS / plan.perSecond) : 0;
            window.acquire();
            long now = System.nanoTime();
            if (plan.perSecond == 0) {
                due = now;
            } else {
                now = waitUntil(due, now);
            }
            if (due >= measureFrom) {
                cpuAtStart = cpuAtStart == null ? cpu() : cpuAtStart;
                counted++;
                maxLateNanos = Math.max(maxLateNanos, now - due);
            }
            send(payloads[(int) (i % payloads.length)], due, due >= measureFrom);
            sent++;
            progress.show(() -> "%,d records measured".formatted(measured));
        }
        producer.flush();
        progress.clear();
        double seconds = (lastAckNanos - measureFrom) / NANOS;
        Duration cpu = cpuAtStart == null ? Duration.ZERO : cpu().minus(cpuAtStart);
        return new PerfResult(
                latencies,
                sent,
                failed,
                firstError,
                seconds,
                maxLateNanos / NANOS,
                cpu,
                payloads[0].length);
    }

    private static long waitUntil(long due, long now) {
        long time = now;
        while (time < due) {
            LockSupport.parkNanos(Math.min(due - time, LOOK_AROUND_NANOS));
            time = System.nanoTime();
        }
        return time;
    }

    private void send(byte[] payload, long dueNanos, boolean counts) {
        producer.send(
                ProducerRecord.of(topic, null, payload),
                (metadata, error) -> {
                    window.release();
                    long now = System.nanoTime();
                    if (error != null) {
                        failed++;
                        firstError = firstError == null ? error.getMessage() : firstError;
                    } else if (counts) {
                        lastAckNanos = now;
                        latencies.recordValue(Math.min(HIGHEST_MICROS, (now - dueNanos) / 1_000));
                        measured = latencies.getTotalCount();
                    }
                });
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
