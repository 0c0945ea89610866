package io.ackgate.gateway.runtime;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.host.ElectionOutcome;
import io.ackgate.gateway.host.HostInput;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.ownership.Rendezvous;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageTransport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The partition threads of a gateway, and which of them has which partition. Any thread. */
final class PartitionRouter implements StorageTransport.Listener {
    private final Admission admission;
    private final PartitionThread[] threads;

    PartitionRouter(Ports ports) {
        admission = ports.admission();
        threads = new PartitionThread[ports.settings().threads()];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new PartitionThread("ackgate-partitions-" + i, ports);
        }
    }

    void start() {
        for (PartitionThread thread : threads) {
            thread.start();
        }
    }

    /** Answers everything that waits and ends the threads. */
    CompletableFuture<Void> stop(String reason) {
        CompletableFuture<?>[] ended = new CompletableFuture<?>[threads.length];
        for (int i = 0; i < threads.length; i++) {
            ended[i] = threads[i].stop(reason);
        }
        return CompletableFuture.allOf(ended);
    }

    void request(Request request) {
        String closed = admission.closed();
        if (closed != null) {
            request.refuse(ErrorCode.NOT_LEADER_OR_FOLLOWER, closed);
            return;
        }
        String full = admission.admit(request);
        if (full != null) {
            request.refuse(ErrorCode.THROTTLING_QUOTA_EXCEEDED, full);
            return;
        }
        PartitionThread thread = of(request.partition);
        request.goesTo(thread);
        if (!thread.put(request)) {
            request.refuse();
            boolean produce = request instanceof Request.Produce;
            admission.release(request.bytes(), produce ? 0 : 1, produce ? 1 : 0, 0);
        }
    }

    /** A state of a partition was seen. */
    void observed(PartitionId id, PartitionSettings settings, long version, PartitionState state) {
        of(id).put(thread -> thread.observed(id, settings, version, state), () -> {});
    }

    /** The settings of its topic may have changed. */
    void configure(PartitionId id, PartitionSettings settings) {
        of(id).put(
                        thread -> {
                            HostedPartition host = thread.hosted(id);
                            if (host != null) {
                                host.step(new HostInput.Configured(settings));
                            }
                        },
                        () -> {});
    }

    /** Makes a deleted partition resign; {@code done} runs when nothing more is sent for it. */
    void forget(PartitionId id, String reason, Runnable done) {
        of(id).put(
                        thread -> {
                            thread.forget(id, reason);
                            done.run();
                        },
                        done);
    }

    /** These gateways are live. Without this one among them all partitions resign. */
    void live(Set<GatewaySession> gateways, String reason) {
        for (PartitionThread thread : threads) {
            thread.put(each -> each.live(gateways, reason), () -> {});
        }
    }

    /** Has a leader elected that need not be in sync; see {@link GatewayRuntime#electUnclean}. */
    CompletableFuture<ElectionOutcome> electUnclean(PartitionId id, Mandate mandate) {
        CompletableFuture<ElectionOutcome> outcome = new CompletableFuture<>();
        ElectionOutcome unknown =
                new ElectionOutcome.Failed("this gateway does not know " + id + " (yet)");
        of(id).put(
                        thread -> {
                            HostedPartition host = thread.hosted(id);
                            if (host == null) {
                                outcome.complete(unknown);
                            } else {
                                host.electUnclean(mandate, outcome);
                            }
                        },
                        () -> outcome.complete(unknown));
        return outcome;
    }

    /** The status of a partition; null if there is none of that id here. */
    CompletableFuture<@Nullable PartitionStatus> status(PartitionId id) {
        return ask(
                of(id),
                thread -> {
                    HostedPartition host = thread.hosted(id);
                    return host == null ? null : host.status();
                },
                null);
    }

    /**
     * What the partition knows of idempotent producers; nothing if there is none of that id here.
     */
    CompletableFuture<List<ProducerEntry>> producers(PartitionId id) {
        return ask(
                of(id),
                thread -> {
                    HostedPartition host = thread.hosted(id);
                    return host == null ? List.of() : host.producers();
                },
                List.of());
    }

    /**
     * Asks something of a thread; {@code none} is the answer of one that has stopped, and a bug
     * that the question meets is the asker's as well.
     */
    private static <T extends @Nullable Object> CompletableFuture<T> ask(
            PartitionThread thread, Function<PartitionThread, T> question, T none) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        thread.put(
                each -> {
                    try {
                        answer.complete(question.apply(each));
                    } catch (RuntimeException | Error bug) {
                        answer.completeExceptionally(bug);
                        throw bug;
                    }
                },
                () -> answer.complete(none));
        return answer;
    }

    CompletableFuture<Map<PartitionId, PartitionStatus>> statuses() {
        CompletableFuture<Map<PartitionId, PartitionStatus>> all =
                CompletableFuture.completedFuture(new HashMap<>());
        for (PartitionThread thread : threads) {
            CompletableFuture<Map<PartitionId, PartitionStatus>> some =
                    ask(thread, PartitionThread::statuses, Map.of());
            all =
                    all.thenCombine(
                            some,
                            (sum, mine) -> {
                                sum.putAll(mine);
                                return sum;
                            });
        }
        return all;
    }

    // ---- the storage streams

    @Override
    public void opened(NodeId node, long stream) {
        for (PartitionThread thread : threads) {
            thread.put(each -> each.opened(node, stream), () -> {});
        }
    }

    @Override
    public void closed(NodeId node, long stream, String why) {
        for (PartitionThread thread : threads) {
            thread.put(each -> each.closed(node, stream), () -> {});
        }
    }

    @Override
    public void answered(NodeId node, long stream, List<StorageAnswer> answers) {
        if (answers.isEmpty()) {
            return;
        }
        int first = indexOf(answers.getFirst().partition());
        if (threads.length == 1 || allAt(first, answers)) {
            threads[first].put(new Answers(node, stream, answers));
            return;
        }
        List<List<StorageAnswer>> split = new ArrayList<>(threads.length);
        for (PartitionThread ignored : threads) {
            split.add(new ArrayList<>());
        }
        for (StorageAnswer answer : answers) {
            split.get(indexOf(answer.partition())).add(answer);
        }
        for (int i = 0; i < threads.length; i++) {
            if (!split.get(i).isEmpty()) {
                threads[i].put(new Answers(node, stream, split.get(i)));
            }
        }
    }

    private boolean allAt(int index, List<StorageAnswer> answers) {
        for (StorageAnswer answer : answers) {
            if (indexOf(answer.partition()) != index) {
                return false;
            }
        }
        return true;
    }

    /** Answers of one node for the partitions of one thread. */
    private static final class Answers extends Work {
        private final NodeId node;
        private final long stream;
        private final List<StorageAnswer> answers;

        Answers(NodeId node, long stream, List<StorageAnswer> answers) {
            this.node = node;
            this.stream = stream;
            this.answers = answers;
        }

        @Override
        void run(PartitionThread thread) {
            thread.answers(node, stream, answers);
        }

        @Override
        void refuse() {
            // Nobody waits for it any more.
        }
    }

    // ---- which thread has which partition

    private PartitionThread of(PartitionId id) {
        return threads[indexOf(id)];
    }

    private int indexOf(PartitionId id) {
        return threads.length == 1 ? 0 : Math.floorMod(Rendezvous.hash(id), threads.length);
    }
}
