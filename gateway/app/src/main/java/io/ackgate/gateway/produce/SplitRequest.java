package io.ackgate.gateway.produce;

import io.ackgate.gateway.error.WriteStatus;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.partition.ProduceOutcome;
import io.ackgate.gateway.partition.ProduceStep;
import io.ackgate.gateway.runtime.ProduceListener;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.storage.api.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The outcomes of one request's batches on their way to be one answer. Any thread. */
final class SplitRequest {
    private final Topic topic;
    private final List<PartitionBatch> batches;
    private final long appendMillis;
    private final AnswerListener listener;
    private final AtomicReferenceArray<@Nullable ProduceOutcome> outcomes;
    private final AtomicInteger missing;

    SplitRequest(
            Topic topic, List<PartitionBatch> batches, long appendMillis, AnswerListener listener) {
        this.topic = topic;
        this.batches = batches;
        this.appendMillis = appendMillis;
        this.listener = listener;
        this.outcomes = new AtomicReferenceArray<>(batches.size());
        this.missing = new AtomicInteger(batches.size());
    }

    /** What waits for the first outcome of one batch; {@code seen} hears of it first. */
    ProduceListener share(int index, Consumer<ProduceOutcome> seen) {
        return new ProduceListener() {
            @Override
            public boolean wantsProgress() {
                return listener.wantsProgress();
            }

            @Override
            public void progress(ProduceStep step) {
                listener.progress(step);
            }

            @Override
            public void done(ProduceOutcome outcome) {
                if (!outcomes.compareAndSet(index, null, outcome)) {
                    return;
                }
                seen.accept(outcome);
                if (missing.decrementAndGet() == 0) {
                    listener.answered(answer());
                }
            }
        };
    }

    private ProduceAnswer answer() {
        List<Receipt> receipts = new ArrayList<>(batches.size());
        List<ProduceAnswer.Share> refused = new ArrayList<>();
        for (int i = 0; i < batches.size(); i++) {
            ProduceOutcome outcome = Objects.requireNonNull(outcomes.get(i));
            switch (outcome) {
                case ProduceOutcome.Accepted accepted -> receipts.add(unknown(i));
                case ProduceOutcome.Written written -> receipts.add(receipt(i, written));
                case ProduceOutcome.Failed failed ->
                        refused.add(share(batches.get(i), Failures.of(failed, topic)));
            }
        }
        return new ProduceAnswer(receipts, refused, worst(refused));
    }

    private static ProduceAnswer.Share share(PartitionBatch batch, Failure failure) {
        return new ProduceAnswer.Share(
                batch.partition().partition(), batch.recordCount(), batch.recordIndexes(), failure);
    }

    /** Of several failures the one that promises least is told. */
    private static @Nullable Failure worst(List<ProduceAnswer.Share> refused) {
        Failure worst = null;
        for (ProduceAnswer.Share share : refused) {
            if (worst == null || severity(share.failure()) > severity(worst)) {
                worst = share.failure();
            }
        }
        return worst;
    }

    private static int severity(Failure failure) {
        int open = failure.writeStatus() == WriteStatus.MAY_HAVE_BEEN_WRITTEN ? 2 : 0;
        return open + (failure.code().retriable() ? 0 : 1);
    }

    private Receipt receipt(int index, ProduceOutcome.Written written) {
        return receipt(
                index,
                written.baseOffset(),
                written.leaderEpoch(),
                written.replicas().stream().map(NodeId::value).sorted().toList(),
                written.isrSize(),
                written.duplicate());
    }

    /** With acks=0 nothing is known but that the request was taken. */
    private Receipt unknown(int index) {
        return receipt(index, Receipt.NO_OFFSET, 0, List.of(), 0, false);
    }

    private Receipt receipt(
            int index,
            long baseOffset,
            int leaderEpoch,
            List<Integer> replicas,
            int isrSize,
            boolean duplicate) {
        PartitionBatch batch = batches.get(index);
        return new Receipt(
                topic.name(),
                batch.partition().partition(),
                baseOffset,
                batch.recordCount(),
                leaderEpoch,
                appendMillis,
                replicas,
                isrSize,
                duplicate,
                batch.recordIndexes());
    }
}
