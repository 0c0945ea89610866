package io.ackgate.storage.runtime;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.disk.FileDisk;
import io.ackgate.storage.engine.Boot;
import io.ackgate.storage.engine.EngineSettings;
import io.ackgate.storage.engine.StorageEngine;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Appends to one engine on a real disk as fast as a bounded window allows, and says what came of
 * it: {@code EngineBench <directory> [seconds per case]}.
 */
public final class EngineBench {
    private static final StreamSession SESSION = new StreamSession(1, 1);
    private static final long WINDOW_BYTES = 8 << 20;
    private static final int PER_PARTITION = 5;

    private final int frameBytes;
    private final int partitions;
    private final Durability durability;
    private final AtomicLong[] acked;
    private final long[][] sentNanos;
    private final Semaphore window;
    private final int records;
    private final AtomicLong syncs = new AtomicLong();
    private final AtomicLong syncNanos = new AtomicLong();
    private final long[] latencies = new long[1 << 20];
    private int latencyCount;
    private volatile boolean measuring;

    private EngineBench(int frameBytes, int partitions, Durability durability) {
        this.frameBytes = frameBytes;
        this.partitions = partitions;
        this.durability = durability;
        this.acked = new AtomicLong[partitions];
        Arrays.setAll(acked, i -> new AtomicLong());
        this.sentNanos = new long[partitions][1 << 12];
        int frames = (int) Math.max(partitions, WINDOW_BYTES / frameBytes);
        this.window = new Semaphore(Math.min(frames, PER_PARTITION * 200 * partitions));
        this.records = Math.max(1, frameBytes / 1024);
    }

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        System.out.println(
                "durability  frame KiB  partitions   MB/s  frames/s  us CPU/frame  ack p50 ms  p99"
                        + " ms  sync ms  frames/sync");
        for (Durability durability : Durability.values()) {
            for (int frameBytes : new int[] {16 << 10, 128 << 10, 1 << 10}) {
                for (int partitions : new int[] {1, 12, 100, 1000}) {
                    delete(directory);
                    new EngineBench(frameBytes, partitions, durability).run(directory, seconds);
                }
            }
        }
        delete(directory);
    }

    private PartitionId partition(int index) {
        return new PartitionId(new TopicId(3, 4), index);
    }

    private void answers(List<StorageAnswer> answers) {
        long now = System.nanoTime();
        for (StorageAnswer answer : answers) {
            switch (answer) {
                case StorageAnswer.Appended appended -> {
                    int p = appended.partition().partition();
                    long before = acked[p].getAndSet(appended.logEnd());
                    for (long o = before; o < appended.logEnd(); o += records) {
                        long sent = sentNanos[p][(int) (o / records) & ((1 << 12) - 1)];
                        if (measuring && latencyCount < latencies.length) {
                            latencies[latencyCount++] = now - sent;
                        }
                        window.release();
                    }
                }
                case StorageAnswer.Fenced _, StorageAnswer.Reconciled _ -> window.release();
                default -> throw new IllegalStateException(answer.toString());
            }
        }
    }

    private void run(Path directory, int seconds) throws Exception {
        StorageEngine engine =
                StorageEngine.open(
                        new FileDisk(directory),
                        EngineSettings.DEFAULTS,
                        new Boot("bench"),
                        System.currentTimeMillis());
        LoopObserver observer =
                new LoopObserver() {
                    @Override
                    public void synced(long nanos, long bytes) {
                        syncs.incrementAndGet();
                        syncNanos.addAndGet(nanos);
                    }
                };
        EngineLoop loop =
                new EngineLoop(
                                "bench",
                                engine,
                                System::currentTimeMillis,
                                (session, answers) -> answers(answers),
                                observer)
                        .start();
        ReplicaSettings settings =
                new ReplicaSettings(durability, 128 << 20, 604_800_000, -1, -1, 86_400_000);
        Incarnation incarnation = Incarnation.of(1, 1);
        for (int i = 0; i < partitions; i++) {
            window.acquire(2);
            loop.submit(
                    SESSION,
                    new StorageRequest.Assign(partition(i), 1, incarnation, settings, false));
            loop.submit(SESSION, new StorageRequest.Reconcile(partition(i), 1, incarnation, 0));
        }
        ByteBuffer template = template();
        long[] next = new long[partitions];
        send(loop, template, next, 2);
        long frames0 = Arrays.stream(next).sum() / records;
        long cpu0 = cpuNanos();
        long syncs0 = syncs.get();
        long syncNanos0 = syncNanos.get();
        long start = System.nanoTime();
        measuring = true;
        send(loop, template, next, seconds);
        measuring = false;
        double took = (System.nanoTime() - start) / 1e9;
        long frames = Arrays.stream(next).sum() / records - frames0;
        double cpu = (cpuNanos() - cpu0) / 1e3 / frames;
        long syncsDone = Math.max(1, syncs.get() - syncs0);
        long[] sorted = Arrays.copyOf(latencies, latencyCount);
        Arrays.sort(sorted);
        System.out.printf(
                "%-10s  %9d  %10d  %5.0f  %8.0f  %12.1f  %10.2f  %6.2f  %7.2f  %11.1f%n",
                durability,
                frameBytes >> 10,
                partitions,
                frames * (double) frameBytes / took / 1e6,
                frames / took,
                cpu,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                (syncNanos.get() - syncNanos0) / 1e6 / syncsDone,
                (double) frames / syncsDone);
        loop.close();
    }

    private void send(EngineLoop loop, ByteBuffer template, long[] next, int seconds)
            throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        int p = 0;
        while (System.nanoTime() < end) {
            ByteBuffer frame = ByteBuffer.allocate(template.capacity());
            frame.put(0, template, 0, template.capacity());
            PartitionId partition = partition(p);
            BatchFrame.stampInPlace(
                    frame, partition.topic().high(), partition.topic().low(), p, next[p], 1, 6);
            window.acquire();
            sentNanos[p][(int) (next[p] / records) & ((1 << 12) - 1)] = System.nanoTime();
            next[p] += records;
            loop.submit(SESSION, new StorageRequest.Append(partition, 1, frame, acked[p].get()));
            p = (p + 1) % partitions;
        }
    }

    private ByteBuffer template() {
        Random random = new Random(1);
        RecordBatchBuilder builder = new RecordBatchBuilder(frameBytes, 2 * frameBytes);
        int each = frameBytes / records - 110 / records - 8;
        for (int i = 0; i < records; i++) {
            byte[] value = new byte[each];
            random.nextBytes(value);
            builder.append(0, null, value);
        }
        return builder.buildWithHeadRoom();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void delete(Path directory) throws Exception {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
