package io.ackgate.gateway.runtime;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.host.HostInput;
import io.ackgate.gateway.loop.SafeLog;
import io.ackgate.gateway.loop.SerialLoop;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread and the partitions pinned to it. A turn steps the partitions with the work that waits,
 * and hands what they send to the wire in one flush.
 */
final class PartitionThread {
    private static final SafeLog LOG = new SafeLog(PartitionThread.class.getName());

    private static final HostInput TICK = new HostInput.Tick();

    private static final String BUG = "a partition thread met a bug and goes on";

    /** After so much work what was sent goes to the wire, although more is waiting. */
    private static final int WORK_PER_TURN = 512;

    private final Ports ports;
    private final SerialLoop<Work> loop;
    private final Map<PartitionId, HostedPartition> hosts = new HashMap<>();
    private final Map<NodeId, Long> streams = new HashMap<>();
    private final PendingRequests pending = new PendingRequests();
    private final TickSchedule ticks = new TickSchedule();
    private final ReadRooms rooms;

    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Set<GatewaySession> live = Set.of();
    private long now;
    private long nextTickNanos;
    private long lastNumber;
    private boolean sent;

    private long releasedBytes;
    private int answeredReads;
    private int answeredProduces;
    private int servedReads;

    PartitionThread(String name, Ports ports) {
        this.ports = ports;
        this.loop = new SerialLoop<>(name, new Turns(), WORK_PER_TURN);
        this.rooms = new ReadRooms(ports.readMemory(), later -> put(_ -> later.run(), () -> {}));
        this.now = ports.clock().getAsLong();
        this.nextTickNanos = now;
    }

    // ---- any thread

    void start() {
        loop.start();
    }

    /** Whether the work will be run or refused; false once the thread has stopped. */
    boolean put(Work work) {
        return loop.put(work);
    }

    /**
     * Has something done on this thread; {@code refused} runs instead if the thread has stopped.
     */
    void put(Consumer<PartitionThread> task, Runnable refused) {
        Work work =
                new Work() {
                    @Override
                    void run(PartitionThread thread) {
                        task.accept(thread);
                    }

                    @Override
                    void refuse() {
                        refused.run();
                    }
                };
        if (!loop.put(work)) {
            work.refuse();
        }
    }

    /** Has every partition resign, answers everything that waits, and ends. */
    CompletableFuture<Void> stop(String reason) {
        put(
                thread -> {
                    thread.live(Set.of(), reason);
                    loop.stop();
                },
                () -> {});
        return ended;
    }

    // ---- the thread

    private final class Turns implements SerialLoop.Turns<Work> {
        @Override
        public void begin() {
            now = ports.clock().getAsLong();
        }

        @Override
        public void run(Work work) {
            work.run(PartitionThread.this);
        }

        @Override
        public void end() {
            if (now - nextTickNanos >= 0) {
                tick();
                nextTickNanos = now + ports.settings().tickNanos();
            }
            flush();
        }

        @Override
        public long idleNanos() {
            long due = nextDue();
            return due == Long.MAX_VALUE ? due : due - ports.clock().getAsLong();
        }

        @Override
        public void refuse(Work late) {
            if (late instanceof Request request) {
                answered(request);
                held(-request.bytes());
            }
            late.refuse();
        }

        @Override
        public void ended() {
            flush();
            ended.complete(null);
        }
    }

    private void tick() {
        guarded(() -> rooms.giveUp(now));
        for (HostedPartition host : ticks.due(now)) {
            guarded(() -> host.step(TICK));
        }
    }

    /** When the thread has something to do although nothing comes. */
    private long nextDue() {
        long noRoom = Math.max(nextTickNanos, rooms.nextDue());
        return Math.min(noRoom, ticks.nextDue(nextTickNanos));
    }

    /** What was sent goes to the wire, and what was answered makes room. */
    private void flush() {
        if (sent) {
            sent = false;
            guarded(ports.transport()::flush);
        }
        if (releasedBytes != 0 || answeredReads != 0 || answeredProduces != 0 || servedReads != 0) {
            ports.admission().release(releasedBytes, answeredReads, answeredProduces, servedReads);
            servedReads = 0;
            releasedBytes = 0;
            answeredReads = 0;
            answeredProduces = 0;
        }
    }

    /** Whatever fails must not end the thread, and with it every partition that it carries. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error bug) {
            LOG.log(System.Logger.Level.ERROR, BUG, bug);
        }
    }

    // ---- for work, on the thread

    void request(Request request) {
        held(-request.bytes());
        HostedPartition host = hosts.get(request.partition);
        if (host == null) {
            refused(
                    request,
                    "this gateway does not own %s, or there is none; ask for the topic again"
                            .formatted(request.partition));
        } else if (request instanceof Request.Produce produce && produce.isTooLate(now)) {
            produce.refuse(
                    ErrorCode.REQUEST_TIMED_OUT,
                    "the request waited in the queue of this gateway for as long as it could");
            answered(produce);
        } else {
            host.request(request);
        }
    }

    void cancel(Request request) {
        if (request.host != null) {
            request.host.cancel(request, () -> {});
        }
    }

    void answers(NodeId node, long stream, List<StorageAnswer> answers) {
        for (StorageAnswer answer : answers) {
            if (answer instanceof StorageAnswer.Records records) {
                ports.reads().answered(node, stream, records, now, this::send);
            }
            HostedPartition host = hosts.get(answer.partition());
            if (host != null) {
                host.answered(node, stream, answer);
            } else {
                ports.unhosted().answered(node, stream, answer);
            }
            if (answer instanceof StorageAnswer.Records records) {
                rooms.answered(records);
            }
        }
    }

    void opened(NodeId node, long stream) {
        streams.put(node, stream);
        stepAll(new HostInput.Opened(node, stream));
    }

    void closed(NodeId node, long stream) {
        streams.remove(node, stream);
        ports.reads().closed(node, stream, now, this::send);
        stepAll(new HostInput.Closed(node, stream));
        rooms.closed(node, stream);
    }

    /** A state of a partition was seen; it is hosted from now on if it was not. */
    void observed(PartitionId id, PartitionSettings settings, long version, PartitionState state) {
        HostedPartition host = hosts.get(id);
        if (host == null) {
            host = new HostedPartition(id, settings, this, ports);
            hosts.put(id, host);
            host.step(new HostInput.Live(live));
        }
        host.step(new HostInput.Observed(version, state));
    }

    private void stepAll(HostInput input) {
        // A copy: a host that is gone leaves the table.
        List.copyOf(hosts.values()).forEach(host -> host.step(input));
    }

    /** These gateways are live, this one among them; or not, once it has lost its lease. */
    void live(Set<GatewaySession> gateways, String reason) {
        live = gateways;
        stepAll(
                live.contains(ports.me())
                        ? new HostInput.Live(live)
                        : new HostInput.LeaseLost(reason));
    }

    /** Has a partition that is no more resign, and hosts it no longer. */
    void forget(PartitionId id, String reason) {
        HostedPartition host = hosts.get(id);
        if (host != null) {
            host.step(new HostInput.Resign(reason));
            forget(host);
        }
    }

    /** A partition that is no more has resigned. */
    void forget(HostedPartition host) {
        hosts.remove(host.id, host);
        ticks.remove(host);
    }

    boolean hosts(HostedPartition host) {
        return hosts.get(host.id) == host;
    }

    @Nullable HostedPartition hosted(PartitionId id) {
        return hosts.get(id);
    }

    Map<PartitionId, PartitionStatus> statuses() {
        Map<PartitionId, PartitionStatus> all = new HashMap<>();
        hosts.forEach((id, host) -> all.put(id, host.status()));
        return all;
    }

    // ---- for partitions, on the thread

    long now() {
        return now;
    }

    PendingRequests pending() {
        return pending;
    }

    /** A number for one more partition, or for one that begins anew. */
    long nextNumber() {
        return ++lastNumber;
    }

    /** Tells a partition the time when something is due for it, and not before. */
    void schedule(HostedPartition host, long dueNanos) {
        if (hosts(host)) {
            ticks.put(host, dueNanos, now + ports.settings().tickNanos());
        }
    }

    /** So many reads more wait for records, or fewer. */
    void waitingReads(int more) {
        if (more > 0) {
            ports.admission().waitingReads(more);
        } else {
            servedReads -= more;
        }
    }

    OptionalLong openStream(NodeId node) {
        Long stream = streams.get(node);
        return stream == null ? OptionalLong.empty() : OptionalLong.of(stream);
    }

    void send(NodeId node, long stream, StorageRequest request) {
        sent = true;
        ports.transport().send(node, stream, request);
    }

    /** Sends a read when there is room for the answer, and it is its turn. */
    void read(PartitionEffect.Read read) {
        Request asker = pending.get(read.token());
        rooms.begin(
                read,
                asker instanceof Request.Read one ? one : null,
                now,
                () -> ports.reads().ask(read, now, this::send));
    }

    void readBackEnded(PartitionId id, PartitionEffect.ReadBackEnded ended) {
        ports.reads().ended(ended.replica(), id, ended.requestId(), now, this::send);
    }

    /** Whatever a partition has asked for, it does not wait for it any more. */
    void readsNothing(PartitionId id) {
        ports.reads().forget(id, now, this::send);
    }

    private void send(PartitionEffect.Read read) {
        send(read.node(), read.stream(), read.request());
    }

    void refused(Request request, String detail) {
        request.refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER, detail);
        answered(request);
    }

    /** A request is answered and gone. */
    void answered(Request request) {
        switch (request) {
            case Request.Produce _ -> answeredProduces++;
            case Request.Read read -> {
                read.endRead(0);
                answeredReads++;
            }
        }
    }

    /** So many bytes more are held in memory. */
    void held(long bytes) {
        releasedBytes -= bytes;
    }
}
