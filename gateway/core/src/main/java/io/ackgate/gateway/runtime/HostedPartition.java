package io.ackgate.gateway.runtime;

import io.ackgate.gateway.host.CasOutcome;
import io.ackgate.gateway.host.ElectionOutcome;
import io.ackgate.gateway.host.HostEffect;
import io.ackgate.gateway.host.HostInput;
import io.ackgate.gateway.host.PartitionHost;
import io.ackgate.gateway.loop.SafeLog;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionEffect;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.StorageAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A {@link PartitionHost} on its partition thread: steps it with the thread's time, and carries out
 * what it asks for. Thread-confined.
 */
final class HostedPartition implements HostEffect.Taker {
    private static final SafeLog LOG = new SafeLog(HostedPartition.class.getName());

    final PartitionId id;

    /** Of its partition, in its thread: another for each. */
    final long number;

    private final PartitionThread thread;
    private final Ports ports;
    private final PartitionHost host;
    private final Map<Long, CompletableFuture<ElectionOutcome>> elections = new HashMap<>();
    private long lastElection;
    private long bufferedBytes;
    private int waitingReads;

    /** The newest of its requests that wait; kept by {@link PendingRequests}. */
    @Nullable Request newest;

    /** Kept by {@link TickSchedule}. */
    boolean eachTick;

    long scheduledAt = Long.MAX_VALUE;

    HostedPartition(
            PartitionId id, PartitionSettings settings, PartitionThread thread, Ports ports) {
        this.id = id;
        this.thread = thread;
        this.ports = ports;
        this.number = thread.nextNumber();
        this.host =
                new PartitionHost(
                        id,
                        ports.me(),
                        settings,
                        ports.settings().host(),
                        ports.admission(),
                        ports.partitions(),
                        thread::nextNumber,
                        thread::openStream,
                        thread.now());
    }

    PartitionStatus status() {
        PartitionStatus status = host.status(thread.now(), this);
        stepped();
        return status;
    }

    List<ProducerEntry> producers() {
        List<ProducerEntry> producers = host.producers(thread.now(), this);
        stepped();
        return producers;
    }

    // ---- what happens to it

    void step(HostInput input) {
        host.step(input, thread.now(), this);
        stepped();
    }

    void request(Request request) {
        String refusal = host.admit(thread.now(), this);
        if (refusal == null) {
            request.host = this;
            host.request(request.input(thread.pending().add(request)), thread.now(), this);
        } else {
            thread.refused(request, refusal);
        }
        stepped();
    }

    void answered(NodeId node, long stream, StorageAnswer answer) {
        host.answered(new PartitionInput.Answered(node, stream, answer), thread.now(), this);
        stepped();
    }

    /** Its caller has gone, or is {@code told} how it ends without the partition. */
    void cancel(Request request, Runnable told) {
        if (thread.pending().take(request.token) == request) {
            told.run();
            thread.answered(request);
            step(new HostInput.Cancel(request.token));
        }
    }

    /** An operator wants a leader, in sync or not. */
    void electUnclean(Mandate mandate, CompletableFuture<ElectionOutcome> outcome) {
        elections.put(++lastElection, outcome);
        step(new HostInput.ElectUnclean(lastElection, mandate));
    }

    /** Tells the thread what the partition holds now, and when it is due. */
    private void stepped() {
        long bytes = host.bufferedBytes();
        if (bytes != bufferedBytes) {
            thread.held(bytes - bufferedBytes);
            bufferedBytes = bytes;
        }
        int waiting = host.waitingReads();
        if (waiting != waitingReads) {
            thread.waitingReads(waiting - waitingReads);
            waitingReads = waiting;
        }
        thread.schedule(this, host.nextDueNanos());
    }

    // ---- what it asks for

    @Override
    public void take(HostEffect effect) {
        switch (effect) {
            case HostEffect.Broke(String detail, var cause) ->
                    LOG.log(System.Logger.Level.ERROR, id + " stops: " + detail, cause);
            case HostEffect.Abandon(String detail) -> abandon(detail);
            case HostEffect.ElectionEnded(long token, var outcome) -> {
                CompletableFuture<ElectionOutcome> waiting = elections.remove(token);
                if (waiting != null) {
                    waiting.complete(outcome);
                }
            }
            case HostEffect.Gone(String reason) -> thread.forget(this);
        }
    }

    /** Answers what the partition should have answered. */
    private void abandon(String detail) {
        thread.pending()
                .takeAllOf(
                        this,
                        request -> {
                            request.abandon(detail);
                            thread.answered(request);
                        });
        thread.readsNothing(id);
    }

    @Override
    public void take(PartitionEffect effect) {
        switch (effect) {
            case PartitionEffect.Send(var node, long stream, var request) ->
                    thread.send(node, stream, request);
            case PartitionEffect.Read read -> thread.read(read);
            case PartitionEffect.ReadBackEnded ended -> thread.readBackEnded(id, ended);
            case PartitionEffect.Complete(long token, var outcome) -> {
                if (thread.pending().take(token) instanceof Request.Produce produce) {
                    produce.done(outcome);
                    thread.answered(produce);
                } else {
                    answeredTwice(token);
                }
            }
            case PartitionEffect.Progress(long token, var progress) -> {
                if (thread.pending().get(token) instanceof Request.Produce produce) {
                    produce.progress(progress);
                } else {
                    answeredTwice(token);
                }
            }
            case PartitionEffect.Reply(long token, var outcome) -> {
                if (thread.pending().take(token) instanceof Request.Read read) {
                    read.done(outcome);
                    thread.answered(read);
                } else {
                    answeredTwice(token);
                }
            }
            case PartitionEffect.CompareAndSet change -> compareAndSet(change);
            case PartitionEffect.Happened(var event) -> ports.events().happened(id, event);
        }
    }

    private void answeredTwice(long token) {
        throw new IllegalStateException("token " + token + " of " + id + " waits for no answer");
    }

    private void compareAndSet(PartitionEffect.CompareAndSet change) {
        long life = host.life();
        CompletionStage<Outcome> stage;
        try {
            stage =
                    ports.metadata()
                            .compareAndSet(
                                    MetadataKeys.partition(id),
                                    change.expectedVersion(),
                                    PartitionStateCodec.encode(change.next()));
        } catch (RuntimeException notSent) {
            stage = CompletableFuture.failedFuture(notSent);
        }
        stage.whenComplete(
                (outcome, failure) ->
                        thread.put(
                                at -> {
                                    if (at.hosts(this)) {
                                        CasOutcome ended = failure == null ? of(outcome) : UNKNOWN;
                                        step(new HostInput.CasEnded(life, change.attempt(), ended));
                                    }
                                },
                                // The partition has resigned and waits for nothing.
                                () -> {}));
    }

    private static final CasOutcome UNKNOWN = new CasOutcome.Unknown();

    private static CasOutcome of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Applied(long version) -> new CasOutcome.Applied(version);
            case Outcome.Refused(var current) ->
                    current.version() == MetadataStore.ABSENT
                            ? new CasOutcome.Gone()
                            : new CasOutcome.Refused(
                                    current.version(), PartitionStateCodec.decode(current.value()));
        };
    }
}
