package io.ackgate.storage.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ReplicaSettings;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks replicas one thing after the other, and watches that the transport keeps its word: a stream
 * opens once, under a greater number than all before it, and answers come only while it is open.
 */
public final class TestGateway implements StorageTransport.Listener {
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final StorageTransport transport;
    private final Map<NodeId, Long> open = new HashMap<>();
    private final Map<NodeId, Long> latest = new HashMap<>();
    private final Map<NodeId, ArrayDeque<StorageAnswer>> answers = new HashMap<>();
    private final List<String> broken = new ArrayList<>();
    private int calls;

    public TestGateway(StorageTransport transport) {
        this.transport = transport;
        transport.start(this);
    }

    @Override
    public synchronized void opened(NodeId node, long stream) {
        calls++;
        if (open.containsKey(node)) {
            broken.add("stream %d to %s opened beside %s".formatted(stream, node, open.get(node)));
        }
        Long before = latest.put(node, stream);
        if (before != null && before >= stream) {
            broken.add("stream %d to %s follows stream %d".formatted(stream, node, before));
        }
        open.put(node, stream);
        answers.put(node, new ArrayDeque<>());
        notifyAll();
    }

    @Override
    public synchronized void closed(NodeId node, long stream, String why) {
        calls++;
        if (!Long.valueOf(stream).equals(open.remove(node))) {
            broken.add("stream %d to %s closed, which was not open".formatted(stream, node));
        }
        notifyAll();
    }

    @Override
    public synchronized void answered(NodeId node, long stream, List<StorageAnswer> given) {
        calls++;
        if (!Long.valueOf(stream).equals(open.get(node))) {
            broken.add("stream %d to %s answered, which is not open".formatted(stream, node));
        }
        queue(node).addAll(given);
        notifyAll();
    }

    private ArrayDeque<StorageAnswer> queue(NodeId node) {
        return answers.computeIfAbsent(node, _ -> new ArrayDeque<>());
    }

    public synchronized void assertWordKept() {
        assertEquals(List.of(), broken);
    }

    public synchronized int calls() {
        return calls;
    }

    /** The open stream to a node, waited for. */
    public synchronized long stream(NodeId node) throws InterruptedException {
        await(() -> open.containsKey(node), "a stream to " + node);
        return open.getOrDefault(node, 0L);
    }

    public synchronized void awaitClosed(NodeId node, long stream) throws InterruptedException {
        await(
                () -> !Long.valueOf(stream).equals(open.get(node)),
                "the end of stream " + stream + " to " + node);
    }

    /** The next answer of a node. */
    public synchronized StorageAnswer next(NodeId node) throws InterruptedException {
        await(() -> !queue(node).isEmpty(), "an answer of " + node);
        return queue(node).remove();
    }

    public synchronized @Nullable StorageAnswer poll(NodeId node) {
        return queue(node).poll();
    }

    private void await(BooleanSupplier done, String what) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!done.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new AssertionError("no " + what + " in 30 s; " + broken);
            }
            wait(left / 1_000_000 + 1);
        }
    }

    public void send(NodeId node, StorageRequest request) throws InterruptedException {
        transport.send(node, stream(node), request);
    }

    public void flush() {
        transport.flush();
    }

    /** Asks and waits for the answer. */
    public StorageAnswer ask(NodeId node, StorageRequest request) throws InterruptedException {
        send(node, request);
        flush();
        return next(node);
    }

    public <A extends StorageAnswer> A ask(NodeId node, StorageRequest request, Class<A> expected)
            throws InterruptedException {
        StorageAnswer answer = ask(node, request);
        return assertInstanceOf(expected, answer, answer::toString);
    }

    /** Creates an empty replica and reconciles it; afterwards appends of the epoch are taken. */
    public Incarnation create(
            NodeId node, PartitionId partition, int epoch, ReplicaSettings settings)
            throws InterruptedException {
        Incarnation incarnation = Incarnation.of(epoch, node.value());
        ask(
                node,
                new StorageRequest.Assign(partition, epoch, incarnation, settings, false),
                StorageAnswer.Fenced.class);
        assertEquals(
                new StorageAnswer.Reconciled(partition, epoch, incarnation, 0),
                ask(node, new StorageRequest.Reconcile(partition, epoch, incarnation, 0)));
        return incarnation;
    }

    /** Fences and reconciles a replica that is there, without cutting it. */
    public StorageAnswer.Fenced reconcileAgain(NodeId node, PartitionId partition, int epoch)
            throws InterruptedException {
        StorageAnswer.Fenced fenced =
                ask(node, new StorageRequest.Fence(partition, epoch), StorageAnswer.Fenced.class);
        assertEquals(
                new StorageAnswer.Reconciled(
                        partition, epoch, fenced.incarnation(), fenced.logEnd()),
                ask(
                        node,
                        new StorageRequest.Reconcile(
                                partition, epoch, fenced.incarnation(), fenced.logEnd())));
        return fenced;
    }

    /** Waits until a replica has acknowledged everything below an offset. */
    public void awaitAppended(NodeId node, long logEnd) throws InterruptedException {
        long reached = -1;
        while (reached < logEnd) {
            reached = assertInstanceOf(StorageAnswer.Appended.class, next(node)).logEnd();
        }
        assertEquals(logEnd, reached);
    }
}
