package io.ackgate.gateway.partition;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.record.RecordBatchBuilder;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One partition, its gateways and model replicas, delivered by hand: nothing moves unless the test
 * says so, or says {@link #settle()}.
 */
final class Cluster {
    static final PartitionId ID = new PartitionId(new TopicId(1, 2), 0);
    private static final long MILLIS = 1_000_000;

    /** A gateway process, with what was said to and by its partition. */
    final class Gateway {
        final Partition partition;
        final GatewaySession session;
        final Map<Long, ProduceOutcome> outcomes = new HashMap<>();
        final Map<Long, FetchOutcome> replies = new HashMap<>();
        final List<ProduceStep> steps = new ArrayList<>();
        final List<PartitionEvent> events = new ArrayList<>();
        final Map<NodeId, ArrayDeque<PartitionEffect.Send>> outbox = new LinkedHashMap<>();
        final Map<NodeId, ArrayDeque<PartitionInput.Answered>> inbox = new LinkedHashMap<>();
        final ArrayDeque<PartitionEffect.CompareAndSet> changes = new ArrayDeque<>();
        final Map<NodeId, Long> streams = new HashMap<>();

        /** Reads for replicas that catch up, until the partition says that they are over. */
        final Map<NodeId, Long> turns = new HashMap<>();

        /** Milliseconds since 1970 on this gateway's wall clock, which nothing moves by itself. */
        long wallMillis = 1_000_000;

        /** Changes stay where they are while the metadata store is out of reach. */
        boolean cutOffFromMetadata;

        Gateway(long value, PartitionSettings settings) {
            session = new GatewaySession(value);
            partition = new Partition(ID, session, settings);
        }

        void step(PartitionInput input) {
            partition.step(input, now, this::effect);
        }

        private void effect(PartitionEffect effect) {
            switch (effect) {
                case PartitionEffect.Send send ->
                        outbox.computeIfAbsent(send.node(), n -> new ArrayDeque<>()).add(send);
                case PartitionEffect.Read(var node, long stream, var request, var replica, _) -> {
                    effect(new PartitionEffect.Send(node, stream, request));
                    if (replica != null && turns.put(replica, request.requestId()) != null) {
                        throw new AssertionError(replica + " has a turn already");
                    }
                }
                case PartitionEffect.ReadBackEnded(var replica, long requestId) -> {
                    if (!turns.remove(replica, requestId)) {
                        throw new AssertionError(requestId + " is no turn of " + replica);
                    }
                }
                case PartitionEffect.Complete(long token, var outcome) -> {
                    if (outcomes.put(token, outcome) != null) {
                        throw new AssertionError("token " + token + " was answered twice");
                    }
                }
                case PartitionEffect.Progress(long token, var step) -> steps.add(step);
                case PartitionEffect.Reply(long token, var outcome) -> {
                    if (replies.put(token, outcome) != null) {
                        throw new AssertionError("token " + token + " was answered twice");
                    }
                }
                case PartitionEffect.CompareAndSet change -> changes.add(change);
                case PartitionEffect.Happened(var event) -> events.add(event);
            }
        }

        void connect(NodeId node) {
            long stream = ++lastStream;
            streams.put(node, stream);
            outbox.remove(node);
            inbox.remove(node);
            step(new PartitionInput.StreamOpened(node, stream));
        }

        void disconnect(NodeId node) {
            Long stream = streams.remove(node);
            outbox.remove(node);
            inbox.remove(node);
            if (stream != null) {
                step(new PartitionInput.StreamClosed(node, stream));
            }
        }

        void takeOver() {
            step(new PartitionInput.StateObserved(version, state));
            step(new PartitionInput.TakeOver());
        }

        /** Carries the oldest request to a node; false if there is none. */
        boolean deliver(NodeId node) {
            ArrayDeque<PartitionEffect.Send> queue = outbox.get(node);
            PartitionEffect.Send send = queue == null ? null : queue.poll();
            if (send == null) {
                return false;
            }
            for (StorageAnswer answer : replica(node).handle(send.request(), send.stream())) {
                answered(node, send.stream(), answer);
            }
            return true;
        }

        private void answered(NodeId node, long stream, StorageAnswer answer) {
            inbox.computeIfAbsent(node, n -> new ArrayDeque<>())
                    .add(new PartitionInput.Answered(node, stream, answer));
        }

        /** A node answers on its open stream, whatever it was asked. */
        void hears(NodeId node, StorageAnswer answer) {
            Long stream = streams.get(node);
            if (stream == null) {
                throw new AssertionError("no stream to " + node);
            }
            step(new PartitionInput.Answered(node, stream, answer));
        }

        /** Syncs a node, whose acknowledgement is then on its way. */
        void sync(NodeId node) {
            long stream = replica(node).stream;
            StorageAnswer answer = replica(node).sync();
            if (answer != null && Long.valueOf(stream).equals(streams.get(node))) {
                answered(node, stream, answer);
            }
        }

        /** Carries the oldest answer of a node; false if there is none. */
        boolean receive(NodeId node) {
            ArrayDeque<PartitionInput.Answered> queue = inbox.get(node);
            PartitionInput.Answered answer = queue == null ? null : queue.poll();
            if (answer == null) {
                return false;
            }
            step(answer);
            return true;
        }

        /** Carries out the oldest change of metadata; false if there is none or it cannot be. */
        boolean store() {
            if (cutOffFromMetadata || changes.isEmpty()) {
                return false;
            }
            PartitionEffect.CompareAndSet change = changes.remove();
            if (apply(change)) {
                step(new PartitionInput.CasApplied(change.attempt(), version));
            } else {
                step(new PartitionInput.CasRefused(change.attempt(), version, state));
            }
            return true;
        }

        long produce(Acks acks, String value) {
            return produce(acks, batch(value), false);
        }

        long produce(Acks acks, ByteBuffer frame, boolean tracked) {
            long token = ++lastToken;
            step(
                    new PartitionInput.Produce(
                            token, frame, acks, now + 1_000 * MILLIS, tracked, wallMillis));
            return token;
        }

        long fetch(long offset) {
            long token = ++lastToken;
            step(new PartitionInput.Fetch(token, offset, 1 << 20, 1, now + 100 * MILLIS));
            return token;
        }

        /** A fetch that waits ten seconds for so many bytes. */
        long fetch(long offset, int maxBytes, int minBytes) {
            long token = ++lastToken;
            step(
                    new PartitionInput.Fetch(
                            token, offset, maxBytes, minBytes, now + 10_000 * MILLIS));
            return token;
        }

        long find(PartitionInput.Position position) {
            long token = ++lastToken;
            step(new PartitionInput.ListOffset(token, position, 1_000, now + 100 * MILLIS));
            return token;
        }

        @Nullable ProduceOutcome outcome(long token) {
            return outcomes.get(token);
        }

        <E extends PartitionEvent> List<E> events(Class<E> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    final List<NodeId> nodes;
    final Map<NodeId, ModelReplica> replicas = new LinkedHashMap<>();
    final List<Gateway> gateways = new ArrayList<>();
    final PartitionSettings settings;
    PartitionState state;
    long version = 1;
    long now = 1_000_000_000;
    private long lastStream;
    private long lastToken;

    Cluster(int replicationFactor, int minInsyncReplicas) {
        this(
                replicationFactor,
                PartitionSettings.DEFAULTS.withMinInsyncReplicas(minInsyncReplicas));
    }

    Cluster(int replicationFactor, PartitionSettings settings) {
        this.settings = settings;
        nodes = IntStream.rangeClosed(1, replicationFactor).mapToObj(NodeId::new).toList();
        nodes.forEach(node -> replicas.put(node, new ModelReplica(ID)));
        state = PartitionState.unowned(nodes);
    }

    ModelReplica replica(NodeId node) {
        ModelReplica replica = replicas.get(node);
        if (replica == null) {
            throw new AssertionError("no replica on " + node);
        }
        return replica;
    }

    /** A gateway that is connected to every node. */
    Gateway gateway() {
        Gateway gateway = new Gateway(gateways.size() + 1L, settings);
        gateways.add(gateway);
        nodes.forEach(gateway::connect);
        return gateway;
    }

    /** A gateway that owns the partition and serves. */
    Gateway owner() {
        Gateway gateway = gateway();
        gateway.takeOver();
        settle();
        return gateway;
    }

    boolean apply(PartitionEffect.CompareAndSet change) {
        if (change.expectedVersion() != version) {
            return false;
        }
        version++;
        state = change.next();
        return true;
    }

    /** Delivers everything, syncing at once, until nothing is on its way. */
    void settle() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Gateway gateway : gateways) {
                while (gateway.store()) {
                    moved = true;
                }
                for (NodeId node : nodes) {
                    while (gateway.deliver(node)) {
                        moved = true;
                    }
                    gateway.sync(node);
                    while (gateway.receive(node)) {
                        moved = true;
                    }
                }
            }
        }
    }

    /** Lets time pass in steps of 10 ms, delivering nothing. */
    void pass(long millis) {
        for (long passed = 0; passed < millis; passed += 10) {
            now += 10 * MILLIS;
            gateways.forEach(gateway -> gateway.step(new PartitionInput.Tick()));
        }
    }

    /** Lets time pass, delivering everything on the way. */
    void run(long millis) {
        for (long passed = 0; passed < millis; passed += 10) {
            pass(10);
            settle();
        }
    }

    static ByteBuffer batch(String... values) {
        return batch(-1, (short) -1, -1, values);
    }

    static ByteBuffer batch(long producerId, short producerEpoch, int sequence, String... values) {
        RecordBatchBuilder builder = new RecordBatchBuilder(256, 1 << 20);
        builder.reset();
        if (producerId >= 0) {
            builder.producer(producerId, producerEpoch, sequence);
        }
        for (String value : values) {
            builder.append(1_000, null, value.getBytes(StandardCharsets.UTF_8));
        }
        ByteBuffer built = builder.buildWithHeadRoom();
        // The builder goes on using its own buffer.
        return ByteBuffer.allocate(built.remaining()).put(built.duplicate()).flip();
    }

    static StorageRequest lastRequest(Gateway gateway, NodeId node) {
        return gateway.outbox.getOrDefault(node, new ArrayDeque<>()).getLast().request();
    }
}
