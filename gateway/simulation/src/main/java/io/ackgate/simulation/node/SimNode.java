package io.ackgate.simulation.node;

import io.ackgate.simulation.Story;
import io.ackgate.simulation.check.Invariant;
import io.ackgate.simulation.check.Invariants;
import io.ackgate.simulation.check.ReplicaView;
import io.ackgate.simulation.check.Violation;
import io.ackgate.simulation.network.NodeEnd;
import io.ackgate.simulation.network.SimStream;
import io.ackgate.simulation.time.Dice;
import io.ackgate.simulation.time.SkewedClock;
import io.ackgate.simulation.time.Timeline;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.disk.simulated.SimDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A storage node's machine: its disk, its clock, and at most one process that runs the engine. */
public final class SimNode implements NodeEnd {
    /** Reconciles that may be repeated, at most. */
    private static final int MAX_RECONCILES = 8;

    /** A request, and the stream that it came on. */
    private record Received(SimStream from, StorageRequest.Reconcile reconcile) {}

    private final NodeId id;
    private final Surroundings around;
    private final SimDisk disk;
    private final List<PartitionId> partitions;
    private final List<Received> reconciles = new ArrayList<>();
    private @Nullable NodeProcess process;
    private int run;
    private long boot = 1;
    private long syncNanos;
    private Consumer<SimNode> failed = node -> {};
    private Interceptor interceptor = (from, request) -> true;

    /**
     * Looks at every request before the node does; for stories that need one to come at its time.
     */
    public interface Interceptor {
        /** False keeps the request from the node, for now or for ever. */
        boolean passes(SimStream from, StorageRequest request);
    }

    public SimNode(
            NodeId id,
            Timeline timeline,
            Dice dice,
            SkewedClock clock,
            Invariants invariants,
            PowerLossProbe probe,
            OldProducers veterans,
            Story story,
            List<PartitionId> partitions,
            long syncNanos) {
        this.id = id;
        this.around = new Surroundings(timeline, dice, clock, invariants, probe, veterans, story);
        this.disk = new SimDisk(dice.split());
        this.partitions = List.copyOf(partitions);
        this.syncNanos = syncNanos;
    }

    @Override
    public NodeId id() {
        return id;
    }

    @Override
    public int run() {
        return run;
    }

    @Override
    public boolean isUp() {
        return process != null;
    }

    public SimDisk disk() {
        return disk;
    }

    /** The partitions that may have a replica here. */
    public List<PartitionId> partitions() {
        return partitions;
    }

    /** The clocks of the machine. */
    public SkewedClock clock() {
        return around.clock();
    }

    /** How long one fsync takes, typically. */
    public void setSyncNanos(long nanos) {
        syncNanos = nanos;
    }

    long syncNanos() {
        return syncNanos;
    }

    // ---- life and death of the process

    /** Starts the process; false if its disk does not let it. */
    public boolean start() {
        run++;
        OpenEngine open;
        try {
            open = OpenEngine.open(id, disk, boot, around.clock().millis());
        } catch (IOException e) {
            disk.closeHandles();
            around.story().tell(() -> id + "       does not start: " + e.getMessage());
            return false;
        } catch (RuntimeException e) {
            throw new Violation(Invariant.NO_INTERNAL_ERROR, id + " cannot start", e);
        }
        List<String> told = open.engine().notes();
        String notes = told.isEmpty() ? "" : " " + told;
        around.story().tell(() -> id + "       starts" + notes);
        NodeProcess started = new NodeProcess(this, open, around);
        process = started;
        for (PartitionId partition : partitions) {
            around.invariants()
                    .replicaRestarted(
                            partition,
                            id,
                            started.view(partition),
                            offset -> started.frames(partition, offset));
        }
        started.begin();
        return true;
    }

    /** The process is killed: what it wrote is still in the page cache. */
    public void crashProcess() {
        stop("is killed");
        disk.closeHandles();
    }

    /** The process is asked to end, and does so in good order. */
    public void stopCleanly() {
        NodeProcess running = process;
        if (running != null) {
            try {
                running.close();
            } catch (IOException e) {
                around.story()
                        .tell(
                                () ->
                                        id
                                                + "       is not shut down in good order: "
                                                + e.getMessage());
            }
        }
        stop("is shut down");
        disk.closeHandles();
    }

    /** The machine loses its power; what was not synced survives with this probability. */
    public void losePower(double survival) {
        stop("loses power");
        boot++;
        disk.losePower(survival);
    }

    /** The machine comes back with an empty disk. */
    public void wipe() {
        stop("loses its disk");
        boot++;
        disk.wipe();
    }

    private void stop(String how) {
        around.story().tell(() -> id + "       " + how);
        NodeProcess running = process;
        if (running != null) {
            running.end();
        }
        process = null;
        run++;
        reconciles.clear();
    }

    /** The process stands still (SIGSTOP): what arrives waits. */
    public void pause() {
        NodeProcess running = process;
        if (running != null) {
            running.pause();
        }
    }

    public void resume() {
        NodeProcess running = process;
        if (running != null) {
            running.resume();
        }
    }

    /** What is done when the process cannot go on and asks to be started again. */
    public void setFailed(Consumer<SimNode> action) {
        failed = action;
    }

    void hasFailed() {
        failed.accept(this);
    }

    // ---- requests

    public void setInterceptor(Interceptor next) {
        interceptor = next;
    }

    @Override
    public void request(SimStream from, StorageRequest request) {
        if (interceptor.passes(from, request)) {
            handle(from, request);
        }
    }

    /**
     * Lets Reconciles arrive again whose streams have been given up: between a stream and its
     * successor anything may happen.
     */
    public void repeatReconciles() {
        for (Received one : List.copyOf(reconciles)) {
            if (one.from().isGivenUp()) {
                handle(one.from(), one.reconcile());
            }
        }
    }

    /** Takes a request, past what a test has put in its way. */
    public void handle(SimStream from, StorageRequest request) {
        NodeProcess running = process;
        if (running == null) {
            return;
        }
        if (request instanceof StorageRequest.Reconcile reconcile) {
            reconciles.add(new Received(from, reconcile));
            if (reconciles.size() > MAX_RECONCILES) {
                reconciles.remove(0);
            }
        }
        running.handle(from, request);
    }

    @Override
    public void closed(SimStream stream) {
        NodeProcess running = process;
        if (running != null) {
            running.closed(stream);
        }
    }

    // ---- what the checks see

    public @Nullable ReplicaView view(PartitionId partition) {
        NodeProcess running = process;
        return running == null ? null : running.view(partition);
    }

    boolean isDecayed(PartitionId partition) {
        return around.invariants().isDecayed(partition, id);
    }

    long boot() {
        return boot;
    }

    long nowMillis() {
        return around.clock().millis();
    }
}
