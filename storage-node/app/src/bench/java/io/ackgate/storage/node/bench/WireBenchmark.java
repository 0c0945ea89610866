package io.ackgate.storage.node.bench;

import com.sun.management.OperatingSystemMXBean;
import io.ackgate.replication.wire.ReplicaMethods;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one message of a replication stream costs each side, by marshaller: one client process, one
 * server process, one stream, acknowledged message by message.
 *
 * <pre>
 * java -cp (test classpath) io.ackgate.storage.node.bench.WireBenchmark [seconds per run]
 * </pre>
 */
public final class WireBenchmark {
    private static final PartitionId PARTITION = new PartitionId(new TopicId(1, 2), 3);
    private static final int WINDOW_BYTES = 4 << 20;

    private WireBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (args.length == 2 && args[0].equals("server")) {
            serve(WireVariant.valueOf(args[1]));
            return;
        }
        int seconds = args.length == 0 ? 5 : Integer.parseInt(args[0]);
        System.out.printf(
                "%-9s %9s %5s %10s %9s %12s %12s %s%n",
                "variant", "frame", "each", "messages/s", "MB/s", "client us", "server us", "load");
        int[][] shapes = {
            {1 << 10, 1},
            {1 << 10, 64},
            {16 << 10, 1},
            {16 << 10, 8},
            {128 << 10, 1},
            {128 << 10, 2}
        };
        for (int[] shape : shapes) {
            for (WireVariant variant : WireVariant.values()) {
                measure(variant, shape[0], shape[1], seconds);
            }
        }
    }

    private static void measure(WireVariant variant, int frameBytes, int each, int seconds)
            throws Exception {
        Process server =
                new ProcessBuilder(
                                Children.java(),
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                WireBenchmark.class.getName(),
                                "server",
                                variant.name())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out =
                        new BufferedReader(
                                new InputStreamReader(
                                        server.getInputStream(), StandardCharsets.UTF_8));
                PrintWriter in =
                        new PrintWriter(server.getOutputStream(), true, StandardCharsets.UTF_8)) {
            int port = Integer.parseInt(out.readLine());
            NioEventLoopGroup io = new NioEventLoopGroup(1);
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                            .usePlaintext()
                            .eventLoopGroup(io)
                            .channelType(NioSocketChannel.class)
                            .directExecutor()
                            .disableRetry()
                            .flowControlWindow(ReplicaMethods.FLOW_CONTROL_WINDOW)
                            .maxInboundMessageSize(ReplicaMethods.MAX_MESSAGE_BYTES)
                            .build();
            Load load = new Load(channel, variant, frameBytes, each);
            load.run(2 * seconds);
            long serverBefore = ask(in, out);
            long clientBefore = cpuNanos();
            long began = System.nanoTime();
            long messages = load.run(seconds);
            double took = (System.nanoTime() - began) / 1e9;
            long clientCpu = cpuNanos() - clientBefore;
            long serverCpu = ask(in, out) - serverBefore;
            System.out.printf(
                    Locale.ROOT,
                    "%-9s %9d %5d %10.0f %9.1f %12.1f %12.1f %.1f%n",
                    variant,
                    frameBytes,
                    each,
                    messages / took,
                    messages / took * frameBytes * each / 1e6,
                    clientCpu / 1e3 / messages,
                    serverCpu / 1e3 / messages,
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
            channel.shutdownNow();
            var _ = io.shutdownGracefully();
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    private static long ask(PrintWriter in, BufferedReader out) throws Exception {
        in.println("cpu");
        return Long.parseLong(out.readLine());
    }

    static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void serve(WireVariant variant) throws Exception {
        MethodDescriptor<List<StorageRequest>, List<StorageAnswer>> method = variant.method();
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .channelType(NioServerSocketChannel.class)
                        .bossEventLoopGroup(new NioEventLoopGroup(1))
                        .workerEventLoopGroup(new NioEventLoopGroup(1))
                        .directExecutor()
                        .flowControlWindow(ReplicaMethods.FLOW_CONTROL_WINDOW)
                        .maxInboundMessageSize(ReplicaMethods.MAX_MESSAGE_BYTES)
                        .addService(
                                ServerServiceDefinition.builder(
                                                ServiceDescriptor.newBuilder(
                                                                method.getServiceName())
                                                        .addMethod(method)
                                                        .build())
                                        .addMethod(method, (call, _) -> new Acknowledging(call))
                                        .build())
                        .build()
                        .start();
        System.out.println(server.getPort());
        BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(cpuNanos());
        }
    }

    /** One small answer to each message, as a replica's loop would give. */
    private static final class Acknowledging extends ServerCall.Listener<List<StorageRequest>> {
        private final ServerCall<List<StorageRequest>, List<StorageAnswer>> call;
        private long bytes;

        Acknowledging(ServerCall<List<StorageRequest>, List<StorageAnswer>> call) {
            this.call = call;
            call.sendHeaders(new Metadata());
            call.request(2);
        }

        @Override
        public void onMessage(List<StorageRequest> requests) {
            for (StorageRequest request : requests) {
                bytes += ((StorageRequest.Append) request).frame().remaining();
            }
            call.sendMessage(
                    List.of(new StorageAnswer.Appended(PARTITION, 1, Incarnation.of(1, 1), bytes)));
            call.request(1);
        }
    }

    /** Sends as fast as a window of bytes under way allows. */
    private static final class Load {
        private final ClientCall<List<StorageRequest>, List<StorageAnswer>> call;
        private final List<StorageRequest> message = new ArrayList<>();
        private final Semaphore window;
        private final AtomicLong answered = new AtomicLong();

        Load(ManagedChannel channel, WireVariant variant, int frameBytes, int each) {
            for (int i = 0; i < each; i++) {
                byte[] frame = new byte[frameBytes];
                for (int b = 0; b < frameBytes; b++) {
                    frame[b] = (byte) (b * 31 + i);
                }
                message.add(new StorageRequest.Append(PARTITION, 1, ByteBuffer.wrap(frame), 1));
            }
            window = new Semaphore(Math.max(4, Math.min(256, WINDOW_BYTES / (frameBytes * each))));
            call = channel.newCall(variant.method(), CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(List<StorageAnswer> answers) {
                            answered.incrementAndGet();
                            window.release();
                        }
                    },
                    new Metadata());
            call.request(Integer.MAX_VALUE);
        }

        long run(int seconds) throws InterruptedException {
            long before = answered.get();
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            while (System.nanoTime() < end) {
                window.acquire();
                call.sendMessage(message);
            }
            return answered.get() - before;
        }
    }

    /** How to start another JVM like this one. */
    static final class Children {
        private Children() {}

        static String java() {
            return System.getProperty("java.home")
                    + File.separator
                    + "bin"
                    + File.separator
                    + "java";
        }
    }
}
