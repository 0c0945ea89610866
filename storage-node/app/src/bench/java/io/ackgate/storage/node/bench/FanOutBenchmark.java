package io.ackgate.storage.node.bench;

import io.ackgate.replication.client.GrpcTransport;
import io.ackgate.replication.client.GrpcTransportSettings;
import io.ackgate.replication.client.NodeAddress;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.node.process.StorageNodeProcess;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Frames fanned out over {@link GrpcTransport} to three storage node processes, complete when all
 * three have acknowledged: throughput, time to completion and CPU of gateway and node per batch.
 *
 * <pre>
 * (in storage-node/app, packaged)
 * java -cp (test classpath) io.ackgate.storage.node.bench.FanOutBenchmark \\
 *     [seconds per run [which, as FSYNC-16-12]]
 * </pre>
 */
public final class FanOutBenchmark {
    private static final int WINDOW_BYTES = 8 << 20;
    private static final List<NodeId> NODES = List.of(new NodeId(1), new NodeId(2), new NodeId(3));

    private FanOutBenchmark() {}

    public static void main(String[] args) throws Exception {
        int seconds = args.length == 0 ? 10 : Integer.parseInt(args[0]);
        System.out.printf(
                "%-10s %7s %5s %6s %9s %8s %8s %8s %11s %9s %s%n",
                "durability",
                "frame",
                "parts",
                "window",
                "batches/s",
                "MB/s",
                "p50 ms",
                "p99 ms",
                "gateway us",
                "node us",
                "load");
        for (Durability durability : Durability.values()) {
            for (int frameKib : new int[] {16, 128}) {
                for (int partitions : new int[] {1, 12}) {
                    String name = "%s-%d-%d".formatted(durability, frameKib, partitions);
                    if (args.length < 2 || name.matches(args[1])) {
                        measure(durability, frameKib << 10, partitions, seconds);
                    }
                }
            }
        }
    }

    private static void measure(Durability durability, int frameBytes, int partitions, int seconds)
            throws Exception {
        Path data = Files.createTempDirectory(Path.of("target"), "fan-out-");
        Map<NodeId, StorageNodeProcess> nodes = new TreeMap<>();
        Map<NodeId, NodeAddress> addresses = new TreeMap<>();
        try {
            for (NodeId node : NODES) {
                nodes.put(
                        node,
                        StorageNodeProcess.start(
                                node, data.resolve(node.toString()).toAbsolutePath(), 0));
            }
            for (Map.Entry<NodeId, StorageNodeProcess> node : nodes.entrySet()) {
                addresses.put(node.getKey(), node.getValue().address());
            }
            try (GrpcTransport transport =
                    new GrpcTransport(GrpcTransportSettings.defaults("ackgate"), 1, addresses)) {
                run(transport, nodes, durability, frameBytes, partitions, seconds);
            }
        } finally {
            for (StorageNodeProcess node : nodes.values()) {
                node.close();
            }
            delete(data);
        }
    }

    private static void run(
            GrpcTransport transport,
            Map<NodeId, StorageNodeProcess> nodes,
            Durability durability,
            int frameBytes,
            int partitions,
            int seconds)
            throws Exception {
        ReplicaSettings defaults = ReplicaSettings.DEFAULTS;
        ReplicaSettings settings =
                new ReplicaSettings(
                        durability,
                        128 << 20,
                        604_800_000,
                        -1,
                        512L << 20,
                        defaults.producerExpirationMillis());
        List<PartitionId> ids =
                IntStream.range(0, partitions)
                        .mapToObj(p -> new PartitionId(new TopicId(1, 2), p))
                        .toList();
        int window = Math.max(2, WINDOW_BYTES / frameBytes / partitions);
        FanOut fanOut = new FanOut(transport, ids, settings, frameBytes, window);
        Thread.sleep(seconds * 1000L);
        fanOut.takeLatencies();
        long batches = fanOut.completed();
        long gatewayCpu = WireBenchmark.cpuNanos();
        long nodeCpu = nodes.values().stream().mapToLong(StorageNodeProcess::cpuNanos).sum();
        long began = System.nanoTime();
        Thread.sleep(seconds * 1000L);
        double took = (System.nanoTime() - began) / 1e9;
        batches = fanOut.completed() - batches;
        gatewayCpu = WireBenchmark.cpuNanos() - gatewayCpu;
        nodeCpu = nodes.values().stream().mapToLong(StorageNodeProcess::cpuNanos).sum() - nodeCpu;
        long[] latencies = fanOut.takeLatencies();
        fanOut.pause();
        System.out.printf(
                Locale.ROOT,
                "%-10s %7d %5d %6d %9.0f %8.1f %8.2f %8.2f %11.1f %9.1f %.1f%n",
                durability,
                frameBytes,
                partitions,
                window * partitions,
                batches / took,
                batches / took * frameBytes / 1e6,
                percentile(latencies, 0.5),
                percentile(latencies, 0.99),
                gatewayCpu / 1e3 / Math.max(1, batches),
                nodeCpu / 1e3 / 3 / Math.max(1, batches),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        while (!fanOut.drained()) {
            Thread.sleep(10);
        }
    }

    private static double percentile(long[] ascending, double share) {
        return ascending.length == 0
                ? Double.NaN
                : ascending[(int) Math.min(ascending.length - 1, ascending.length * share)] / 1e6;
    }

    private static void delete(Path directory) throws Exception {
        List<Path> paths = new ArrayList<>();
        try (var tree = Files.walk(directory)) {
            tree.forEach(paths::add);
        }
        for (Path path : paths.reversed()) {
            Files.delete(path);
        }
    }
}
