package io.ackgate.gateway.topic;

import io.ackgate.gateway.metadata.ForwardingStore;
import io.ackgate.gateway.metadata.MetadataStore;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Another store, and how often it was read. */
final class CountedReads extends ForwardingStore {
    final AtomicInteger reads = new AtomicInteger();

    CountedReads(MetadataStore store) {
        super(store);
    }

    @Override
    public CompletionStage<Entry> get(String key) {
        reads.incrementAndGet();
        return super.get(key);
    }

    @Override
    public CompletionStage<List<Entry>> list(String prefix) {
        reads.incrementAndGet();
        return super.list(prefix);
    }
}
