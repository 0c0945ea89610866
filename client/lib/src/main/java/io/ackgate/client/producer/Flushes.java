package io.ackgate.client.producer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Waits until everything sent before has ended, while nothing lingers. Confined to the sender's
 * thread.
 */
final class Flushes {
    private final Sender sender;
    private final Collection<TopicLanes> topics;
    private int underWay;

    Flushes(Sender sender, Collection<TopicLanes> topics) {
        this.sender = sender;
        this.topics = topics;
    }

    /** Whether batches must not linger. */
    boolean areUnderWay() {
        return underWay > 0;
    }

    /** Completes it when everything sent until now has ended. */
    void begin(CompletableFuture<@Nullable Void> flushed) {
        underWay++;
        setImpatient(true);
        // Records without a partition get one first, or fail.
        var _ =
                all(topics.stream().map(TopicLanes::settled).toList())
                        .thenRun(() -> sender.post(() -> awaitBatches(flushed)));
    }

    private void awaitBatches(CompletableFuture<@Nullable Void> flushed) {
        List<ProducerBatch> batches = new ArrayList<>();
        for (TopicLanes topic : topics) {
            topic.lanes().forEach(lane -> lane.addAllTo(batches));
        }
        var _ =
                all(batches.stream().map(ProducerBatch::whenEnded).toList())
                        .thenRun(() -> sender.post(() -> end(flushed)));
    }

    private void end(CompletableFuture<@Nullable Void> flushed) {
        underWay--;
        if (underWay == 0) {
            setImpatient(false);
        }
        flushed.complete(null);
    }

    private static CompletableFuture<?> all(List<CompletableFuture<@Nullable Void>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
    }

    private void setImpatient(boolean impatient) {
        for (TopicLanes topic : topics) {
            for (PartitionLane lane : topic.lanes()) {
                lane.queue().impatient(impatient);
                if (impatient) {
                    lane.touch();
                }
            }
        }
    }
}
