package io.ackgate.gateway.process;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long replicas take to append: per node one append at a time is followed from its
 * sending to its acknowledgement, which costs next to nothing however many there are. Any thread.
 */
final class AppendSamples {
    /** Takes a measured time. */
    interface Timings {
        void took(NodeId node, long nanos);
    }

    /** An append that was refused is never acknowledged; this ends the wait for it. */
    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record Sample(PartitionId partition, long endOffset, long sentNanos) {}

    private final Map<NodeId, AtomicReference<@Nullable Sample>> underWay =
            new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final Timings timings;

    AppendSamples(LongSupplier nanoTime, Timings timings) {
        this.nanoTime = nanoTime;
        this.timings = timings;
    }

    void sent(NodeId node, StorageRequest.Append append) {
        AtomicReference<@Nullable Sample> sample = of(node);
        Sample followed = sample.get();
        long now = nanoTime.getAsLong();
        if (followed == null || now - followed.sentNanos > MAX_AGE_NANOS) {
            int at = append.frame().position();
            sample.compareAndSet(
                    followed,
                    new Sample(
                            append.partition(),
                            BatchFrame.lastOffset(append.frame(), at) + 1,
                            now));
        }
    }

    void answered(NodeId node, List<StorageAnswer> answers) {
        Sample sample = of(node).get();
        if (sample == null) {
            return;
        }
        for (StorageAnswer answer : answers) {
            if (answer instanceof StorageAnswer.Appended appended
                    && appended.partition().equals(sample.partition)
                    && appended.logEnd() >= sample.endOffset) {
                timings.took(node, nanoTime.getAsLong() - sample.sentNanos);
                of(node).set(null);
                return;
            }
        }
    }

    /** The stream is gone, and with it whatever was under way. */
    void forget(NodeId node) {
        of(node).set(null);
    }

    private AtomicReference<@Nullable Sample> of(NodeId node) {
        return underWay.computeIfAbsent(node, n -> new AtomicReference<>());
    }
}
