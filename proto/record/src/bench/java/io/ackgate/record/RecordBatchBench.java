package io.ackgate.record;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.zip.CRC32C;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/**
 * What the codec costs on one core, next to Kafka's classes in the same run. A main class rather
 * than a test: figures of a shared machine are for people to judge. Each line is the median of
 * {@value #ROUNDS} rounds, and the steps take turns, so that a disturbance hits all of them.
 */
public final class RecordBatchBench {
    private static final int ROUNDS = 15;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long ROUND_NANOS = 40_000_000L;

    /** Keeps what was computed alive. */
    private static int sink;

    private RecordBatchBench() {}

    private record Step(String name, int recordsPerCall, int bytesPerCall, IntSupplier call) {}

    /** Prints the table; takes no arguments. */
    public static void main(String[] args) {
        System.out.printf(
                "%-30s %8s %8s %8s %14s %10s%n",
                "", "value B", "records", "batch B", "records/s", "ns/batch");
        for (int valueBytes : new int[] {100, 1024}) {
            for (int batchBytes : new int[] {16 << 10, 128 << 10}) {
                measure(steps(valueBytes, batchBytes), valueBytes);
            }
        }
        System.out.println("(" + sink + ")");
    }

    private static List<Step> steps(int valueBytes, int batchBytes) {
        List<SampleRecord> events = events(valueBytes, batchBytes);
        int count = events.size();
        ByteBuffer target = ByteBuffer.allocate(batchBytes + 1024);
        ByteBuffer kafkasTarget = ByteBuffer.allocate(batchBytes + 1024);
        RecordBatchBuilder builder = new RecordBatchBuilder(0, batchBytes + 1024);
        ByteBuffer batch = Samples.build(events);
        int size = batch.limit();
        ByteBuffer frame = Samples.withHeadRoom(batch);
        ByteBuffer stamped = Samples.withHeadRoom(batch);
        BatchFrame.stampInPlace(stamped, 1, 2, 3, 4, 5, 6);
        RecordBatchReader reader = new RecordBatchReader(0);
        CRC32C kept = new CRC32C();
        ThreadLocal<CRC32C> perThread = ThreadLocal.withInitial(CRC32C::new);
        List<Step> steps = new ArrayList<>();
        steps.add(
                new Step(
                        "build",
                        count,
                        size,
                        () -> {
                            builder.reset(target);
                            for (SampleRecord event : events) {
                                builder.append(event.timestampMillis(), event.key(), event.value());
                            }
                            return expected(size, builder.build().limit());
                        }));
        steps.add(
                new Step(
                        "build, Kafka",
                        count,
                        size,
                        () -> expected(size, kafkaBuild(events, kafkasTarget))));
        steps.add(
                new Step(
                        "validate",
                        count,
                        size,
                        () ->
                                BatchValidator.validate(batch, size, Long.MAX_VALUE)
                                                instanceof BatchVerdict.Valid(int n, _, _)
                                        ? n
                                        : fail()));
        steps.add(
                new Step(
                        "validate, Kafka",
                        count,
                        size,
                        () -> expected(count, kafkaValidate(batch))));
        steps.add(new Step("read", count, size, () -> read(reader, batch)));
        steps.add(new Step("read, Kafka", count, size, () -> kafkaRead(batch)));
        steps.add(
                new Step(
                        "stamp in place",
                        count,
                        size,
                        () -> {
                            BatchFrame.stampInPlace(frame, 1, 2, 3, 4, 5, 6);
                            return frame.getInt(28);
                        }));
        steps.add(
                new Step(
                        "verify",
                        count,
                        size,
                        () ->
                                BatchFrame.verify(stamped, 0) instanceof FrameVerdict.Ok(int n)
                                        ? n
                                        : fail()));
        steps.add(
                new Step(
                        "verify header",
                        count,
                        size,
                        () ->
                                BatchFrame.verifyHeader(stamped, 0)
                                                instanceof FrameVerdict.Ok(int n)
                                        ? n
                                        : fail()));
        steps.add(new Step("crc of 89 B, new", count, size, () -> Crc32c.of(batch, 0, 89)));
        steps.add(
                new Step(
                        "crc of 89 B, one kept",
                        count,
                        size,
                        () -> {
                            kept.reset();
                            Crc32c.update(kept, batch, 0, 89);
                            return (int) kept.getValue();
                        }));
        steps.add(
                new Step(
                        "crc of 89 B, one per thread",
                        count,
                        size,
                        () -> {
                            CRC32C crc = perThread.get();
                            crc.reset();
                            Crc32c.update(crc, batch, 0, 89);
                            return (int) crc.getValue();
                        }));
        steps.add(
                new Step(
                        "crc of the batch",
                        count,
                        size,
                        () -> RecordBatch.computeCrc(batch, 0, size)));
        return steps;
    }

    private static int expected(int expected, int actual) {
        return expected == actual ? actual : fail();
    }

    private static int fail() {
        throw new AssertionError("a step of the benchmark does not do what it should");
    }

    /** As many earthquakes as fill a batch, cut or repeated to the size asked for. */
    private static List<SampleRecord> events(int valueBytes, int batchBytes) {
        List<SampleRecord> quakes = Samples.earthquakes();
        List<SampleRecord> events = new ArrayList<>();
        int bytes = RecordBatch.HEADER_BYTES;
        while (bytes + valueBytes + 20 <= batchBytes) {
            SampleRecord quake = quakes.get(events.size() % quakes.size());
            byte[] event = quake.value();
            if (event == null) {
                throw new IllegalStateException("an event without a value");
            }
            byte[] value = new byte[valueBytes];
            for (int i = 0; i < valueBytes; i++) {
                value[i] = event[i % event.length];
            }
            events.add(new SampleRecord(quake.timestampMillis(), quake.key(), value, List.of()));
            bytes += valueBytes + 20;
        }
        return events;
    }

    private static int read(RecordBatchReader reader, ByteBuffer batch) {
        try {
            int sum = 0;
            reader.reset(batch);
            while (reader.next()) {
                sum += reader.keyLength() + reader.valueLength();
            }
            return sum;
        } catch (UnreadableBatchException e) {
            throw new AssertionError(e);
        }
    }

    private static int kafkaBuild(List<SampleRecord> events, ByteBuffer target) {
        try (MemoryRecordsBuilder builder =
                MemoryRecords.builder(
                        target.clear(),
                        org.apache.kafka.common.compress.Compression.NONE,
                        TimestampType.CREATE_TIME,
                        0L)) {
            for (SampleRecord event : events) {
                builder.append(event.timestampMillis(), event.key(), event.value(), new Header[0]);
            }
            return builder.build().sizeInBytes();
        }
    }

    /** Checksum and a walk over the records, as a broker does. */
    private static int kafkaValidate(ByteBuffer batch) {
        int count = 0;
        for (MutableRecordBatch each : MemoryRecords.readableRecords(batch.duplicate()).batches()) {
            each.ensureValid();
            for (Record record : each) {
                record.ensureValid();
                count++;
            }
        }
        return count;
    }

    private static int kafkaRead(ByteBuffer batch) {
        int sum = 0;
        for (MutableRecordBatch each : MemoryRecords.readableRecords(batch.duplicate()).batches()) {
            for (Record record : each) {
                sum += record.keySize() + record.valueSize();
            }
        }
        return sum;
    }

    private static void measure(List<Step> steps, int valueBytes) {
        double[][] nanos = new double[steps.size()][ROUNDS];
        for (int round = -ROUNDS / 2; round < ROUNDS; round++) {
            for (int i = 0; i < steps.size(); i++) {
                double each = nanosPerCall(steps.get(i).call());
                if (round >= 0) {
                    nanos[i][round] = each;
                }
            }
        }
        for (int i = 0; i < steps.size(); i++) {
            Arrays.sort(nanos[i]);
            double median = nanos[i][ROUNDS / 2];
            Step step = steps.get(i);
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %8d %8d %8d %,14.0f %,10.0f%n",
                    step.name(),
                    valueBytes,
                    step.recordsPerCall(),
                    step.bytesPerCall(),
                    step.recordsPerCall() * 1e9 / median,
                    median);
        }
    }

    /** In processor time of this thread, which others on the machine disturb least. */
    private static double nanosPerCall(IntSupplier call) {
        long start = THREADS.getCurrentThreadCpuTime();
        long calls = 0;
        long elapsed;
        // Asking for the time costs more than stamping a batch: the longer it takes, the rarer.
        long turns = 1;
        do {
            for (long i = 0; i < turns; i++) {
                sink += call.getAsInt();
            }
            calls += turns;
            turns = calls;
            elapsed = THREADS.getCurrentThreadCpuTime() - start;
        } while (elapsed < ROUND_NANOS);
        return (double) elapsed / calls;
    }
}
