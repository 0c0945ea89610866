package io.ackgate.gateway.runtime;

import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.PartitionState;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicCatalog;
import io.ackgate.storage.api.PartitionId;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings together what the metadata store tells of topics and of partitions: a partition is hosted
 * when both are known, in whichever order they come. Any thread.
 */
final class PartitionDirectory implements TopicCatalog.Listener {
    private final RuntimeSettings settings;
    private final TopicCatalog topics;
    private final PartitionRouter loop;

    /** States of partitions whose topic is not known (yet, or any more). */
    private final Map<PartitionId, Seen> withoutTopic = new HashMap<>();

    private record Seen(long version, PartitionState state) {}

    PartitionDirectory(RuntimeSettings settings, TopicCatalog topics, PartitionRouter loop) {
        this.settings = settings;
        this.topics = topics;
        this.loop = loop;
    }

    /** A change of a key of a partition. */
    synchronized void seen(Entry entry) {
        PartitionId id = MetadataKeys.partitionOf(entry.key());
        if (id == null) {
            throw new IllegalArgumentException(entry.key() + " is no key of a partition");
        }
        if (entry.version() == MetadataStore.ABSENT) {
            withoutTopic.remove(id);
            loop.forget(id, "its topic was deleted", () -> {});
            return;
        }
        PartitionState state = PartitionStateCodec.decode(entry.value());
        Topic topic = topics.topic(id.topic());
        if (topic == null) {
            withoutTopic.put(id, new Seen(entry.version(), state));
        } else {
            loop.observed(id, settings.of(topic.settings()), entry.version(), state);
        }
    }

    @Override
    public synchronized void changed(Topic topic) {
        PartitionSettings changed = settings.of(topic.settings());
        for (int index = 0; index < topic.partitions(); index++) {
            PartitionId id = topic.partition(index);
            Seen seen = withoutTopic.remove(id);
            if (seen != null) {
                loop.observed(id, changed, seen.version(), seen.state());
            } else {
                loop.configure(id, changed);
            }
        }
    }

    @Override
    public synchronized void removed(Topic topic) {
        for (int index = 0; index < topic.partitions(); index++) {
            loop.forget(topic.partition(index), "its topic was deleted", () -> {});
        }
    }
}
