package io.ackgate.gateway.runtime;

import io.ackgate.gateway.partition.ModelNode;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StorageTransport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Model nodes, each on a thread of its own, behind the port to the storage nodes. Nothing that is
 * sent arrives before the thread that sent it has flushed.
 */
final class ModelStorage implements StorageTransport {
    private record Sent(NodeId node, long stream, StorageRequest request) {}

    final Map<NodeId, Node> nodes = new LinkedHashMap<>();
    final AtomicInteger flushes = new AtomicInteger();
    private final AtomicLong lastStream = new AtomicLong();
    private final ThreadLocal<List<Sent>> unflushed = ThreadLocal.withInitial(ArrayList::new);
    private volatile Listener listener = new Nobody();

    ModelStorage(int nodeCount) {
        IntStream.rangeClosed(1, nodeCount)
                .mapToObj(NodeId::new)
                .forEach(id -> nodes.put(id, new Node(id)));
    }

    Node node(int number) {
        Node node = nodes.get(new NodeId(number));
        if (node == null) {
            throw new AssertionError("no node " + number);
        }
        return node;
    }

    @Override
    public void start(Listener starting) {
        listener = starting;
        nodes.values().forEach(Node::up);
    }

    @Override
    public void send(NodeId node, long stream, StorageRequest request) {
        unflushed.get().add(new Sent(node, stream, request));
    }

    @Override
    public boolean hasRoom(NodeId node) {
        Node to = nodes.get(node);
        return to == null || !to.full;
    }

    @Override
    public void flush() {
        flushes.incrementAndGet();
        List<Sent> all = unflushed.get();
        for (Sent sent : all) {
            Node node = nodes.get(sent.node);
            if (node != null) {
                node.inbox.add(new Request(sent.stream, sent.request));
            }
        }
        all.clear();
    }

    @Override
    public void close() {
        nodes.values().forEach(Node::stop);
    }

    private sealed interface Job {}

    private record Request(long stream, StorageRequest request) implements Job {}

    private record Task(Runnable work) implements Job {}

    /** One storage node. */
    final class Node {
        private final NodeId id;
        private final ModelNode model = new ModelNode();
        private final LinkedBlockingQueue<Job> inbox = new LinkedBlockingQueue<>();
        private final Thread thread;
        private long open;
        private volatile boolean stopped;

        /** While true, nothing is handled and nothing is answered. */
        private volatile boolean paused;

        /** While true, there is no room on the way to it. */
        volatile boolean full;

        Node(NodeId id) {
            this.id = id;
            this.thread = Thread.ofPlatform().daemon().name("model-" + id).start(this::run);
        }

        /** Asks the model, on its own thread. */
        <T> T ask(Function<ModelNode, T> question) {
            var answer = new CompletableFuture<T>();
            inbox.add(new Task(() -> answer.complete(question.apply(model))));
            return answer.orTimeout(20, TimeUnit.SECONDS).join();
        }

        void up() {
            inbox.add(
                    new Task(
                            () -> {
                                open = lastStream.incrementAndGet();
                                listener.opened(id, open);
                            }));
        }

        /** The stream ends; what was under way on it is lost. */
        void down() {
            inbox.add(
                    new Task(
                            () -> {
                                if (open != 0) {
                                    long was = open;
                                    open = 0;
                                    model.crash();
                                    listener.closed(id, was, "the test says so");
                                }
                            }));
        }

        void pause() {
            paused = true;
        }

        void resume() {
            paused = false;
        }

        void stop() {
            stopped = true;
            thread.interrupt();
        }

        private void run() {
            try {
                List<Job> jobs = new ArrayList<>();
                while (!stopped) {
                    jobs.add(inbox.take());
                    while (paused) {
                        Thread.sleep(1);
                    }
                    inbox.drainTo(jobs);
                    handle(jobs);
                    jobs.clear();
                }
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        }

        private void handle(List<Job> jobs) {
            List<StorageAnswer> answers = new ArrayList<>();
            for (Job job : jobs) {
                switch (job) {
                    case Request(long stream, StorageRequest request) -> {
                        if (stream == open) {
                            answers.addAll(model.handle(request, stream));
                        }
                    }
                    case Task(Runnable work) -> {
                        answer(answers);
                        answers = new ArrayList<>();
                        work.run();
                    }
                }
            }
            answers.addAll(model.sync());
            answer(answers);
        }

        private void answer(List<StorageAnswer> answers) {
            if (open != 0 && !answers.isEmpty()) {
                listener.answered(id, open, answers);
            }
        }
    }

    private static final class Nobody implements Listener {
        @Override
        public void opened(NodeId node, long stream) {}

        @Override
        public void closed(NodeId node, long stream, String why) {}

        @Override
        public void answered(NodeId node, long stream, List<StorageAnswer> answers) {}
    }
}
