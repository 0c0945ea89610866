import static java.nio.charset.StandardCharsets.UTF_8;

import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.replication.client.GrpcTransport;
import io.ackgate.replication.client.GrpcTransportSettings;
import io.ackgate.replication.client.NodeAddress;
import io.ackgate.storage.api.Durability;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import io.ackgate.storage.api.TopicId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/**
 * Speaks to one storage node as a gateway does. {@code fill PARTITIONS BATCHES [BYTES]} creates fsync replicas and
 * appends batches of one record of so many bytes, 100 when not given, to them in turn; {@code first PARTITIONS} says
 * that it waits, reads from its standard input when the node was started, milliseconds since 1970, and prints how long
 * after that the node was ready, had acknowledged an append, and one to every replica. Node 1 is at 127.0.0.1:18081,
 * its health at 18091.
 */
public final class NodeStart implements StorageTransport.Listener {
    private static final NodeId NODE = new NodeId(1);
    private static final TopicId TOPIC = new TopicId(7, 8);
    private static final int WINDOW = 20_000;
    private static final int WINDOW_BYTES = 64 << 20;

    private final StorageTransport transport;
    private final int epoch;
    private final boolean creating;
    private final long[] logEnd;
    private final long[] sent;
    private final int recordBytes;

    /** Batches that may be under way. */
    private final int windowBatches;

    private final Semaphore window;
    private final CountDownLatch reconciled;
    private long stream;

    /** When the node was started; 0 once the first append is acknowledged, or while nobody wants to know. */
    private long started;

    private NodeStart(StorageTransport transport, int partitions, boolean creating, int recordBytes) {
        this.transport = transport;
        this.recordBytes = recordBytes;
        this.windowBatches = Math.min(WINDOW, WINDOW_BYTES / recordBytes);
        this.window = new Semaphore(windowBatches);
        this.creating = creating;
        this.epoch = creating ? 1 : 2;
        this.logEnd = new long[partitions];
        this.sent = new long[partitions];
        this.reconciled = new CountDownLatch(partitions);
    }

    public static void main(String[] args) throws Exception {
        int partitions = Integer.parseInt(args[1]);
        boolean fill = args[0].equals("fill");
        GrpcTransportSettings hasty = new GrpcTransportSettings("ackgate", 1, 3_000, 500, 60_000, 5, 20, 256L << 20);
        GrpcTransport transport =
                new GrpcTransport(
                        hasty, System.currentTimeMillis(), Map.of(NODE, new NodeAddress("127.0.0.1", 18081)));
        NodeStart load = new NodeStart(transport, partitions, fill, args.length > 3 ? Integer.parseInt(args[3]) : 100);
        if (fill) {
            transport.start(load);
            load.reconciled.await();
            load.fill(Long.parseLong(args[2]));
            System.out.printf("%,d partitions, %s batches%n", partitions, args[2]);
        } else {
            // Compiled and warm before the node starts, so that it takes no processor from it.
            System.out.println("waits");
            String line = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
            long started = Long.parseLong(line);
            load.started = started;
            Thread health = new Thread(() -> awaitReady(started));
            health.start();
            transport.start(load);
            health.join();
            load.reconciled.await();
            load.window.acquire(load.windowBatches);
            tell("an append to every partition acknowledged", started);
        }
        System.exit(0);
    }

    private static void tell(String what, long started) {
        System.out.printf("%s after %,d ms%n", what, System.currentTimeMillis() - started);
    }

    private static void awaitReady(long started) {
        while (!ready()) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        tell("ready", started);
    }

    private static boolean ready() {
        try {
            HttpURLConnection health =
                    (HttpURLConnection) URI.create("http://127.0.0.1:18091/q/health/ready").toURL().openConnection();
            health.setConnectTimeout(200);
            health.setReadTimeout(200);
            return health.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void fill(long batches) throws InterruptedException {
        int flushEach = 100;
        for (long i = 0; i < batches; i++) {
            window.acquire();
            synchronized (this) {
                append((int) (i % sent.length));
                if (i % flushEach == 0 || window.availablePermits() == 0) {
                    transport.flush();
                }
            }
        }
        synchronized (this) {
            transport.flush();
        }
        window.acquire(windowBatches);
    }

    private void append(int partition) {
        RecordBatchBuilder builder = new RecordBatchBuilder(recordBytes + 156, recordBytes + 924);
        builder.append(System.currentTimeMillis(), null, new byte[recordBytes]);
        ByteBuffer frame = builder.buildWithHeadRoom();
        BatchFrame.stampInPlace(frame, TOPIC.high(), TOPIC.low(), partition, sent[partition], epoch, 6);
        sent[partition]++;
        send(new StorageRequest.Append(new PartitionId(TOPIC, partition), epoch, frame, 0));
    }

    private void send(StorageRequest request) {
        transport.send(NODE, stream, request);
    }

    @Override
    public synchronized void opened(NodeId node, long opened) {
        stream = opened;
        ReplicaSettings settings = new ReplicaSettings(Durability.FSYNC, 128 << 20, 604_800_000, -1, -1, 86_400_000);
        for (int p = 0; p < sent.length; p++) {
            PartitionId partition = new PartitionId(TOPIC, p);
            send(
                    creating
                            ? new StorageRequest.Assign(partition, epoch, Incarnation.of(1, 1), settings, false)
                            : new StorageRequest.Fence(partition, epoch));
        }
        transport.flush();
    }

    @Override
    public synchronized void closed(NodeId node, long closed, String why) {
        System.err.println("the stream has ended: " + why);
        System.exit(1);
    }

    @Override
    public synchronized void answered(NodeId node, long from, List<StorageAnswer> answers) {
        for (StorageAnswer answer : answers) {
            int p = answer.partition().partition();
            switch (answer) {
                case StorageAnswer.Fenced fenced ->
                        send(
                                new StorageRequest.Reconcile(
                                        answer.partition(), epoch, fenced.incarnation(), fenced.logEnd()));
                case StorageAnswer.Reconciled at -> {
                    logEnd[p] = at.logEnd();
                    sent[p] = at.logEnd();
                    reconciled.countDown();
                    if (!creating) {
                        window.acquireUninterruptibly();
                        append(p);
                    }
                }
                case StorageAnswer.Appended appended -> {
                    if (started > 0) {
                        tell("first append acknowledged", started);
                        started = 0;
                    }
                    window.release((int) (appended.logEnd() - logEnd[p]));
                    logEnd[p] = appended.logEnd();
                }
                default -> {
                    System.err.println("unexpected: " + answer);
                    System.exit(1);
                }
            }
        }
        transport.flush();
    }
}
