package io.ackgate.gateway.admin;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.ProducerEntry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The door for idempotent producers, as partitions remember them. */
@Singleton
public class ProducerAdmin {
    private static final Comparator<KnownProducer> YOUNGEST_FIRST =
            Comparator.comparingLong(KnownProducer::ageMillis)
                    .thenComparingLong(producer -> producer.entry().producerId())
                    .thenComparingInt(KnownProducer::partition);

    private final Topics topics;
    private final GatewayRuntime runtime;

    ProducerAdmin(Topics topics, GatewayRuntime runtime) {
        this.topics = topics;
        this.runtime = runtime;
    }

    /**
     * A producer as one partition remembers it.
     *
     * @param ageMillis since its last batch was appended, 0 or more
     */
    public record KnownProducer(int partition, ProducerEntry entry, long ageMillis) {}

    /**
     * Those that the partitions of a topic remember, youngest first. Fulfilled on a thread of a
     * partition: go on elsewhere.
     *
     * @param most how many are given at most, 1 or more
     */
    public Uni<List<KnownProducer>> list(Caller caller, String name, int most) {
        Topic topic = RequestChecks.topic(topics, name);
        List<Uni<List<ProducerEntry>>> asked =
                IntStream.range(0, topic.partitions()).mapToObj(p -> entries(topic, p)).toList();
        return Uni.join().all(asked).andFailFast().map(found -> youngest(found, most));
    }

    private Uni<List<ProducerEntry>> entries(Topic topic, int partition) {
        return Uni.createFrom()
                .completionStage(() -> runtime.producers(topic.partition(partition)));
    }

    private static List<KnownProducer> youngest(List<List<ProducerEntry>> found, int most) {
        long now = System.currentTimeMillis();
        List<KnownProducer> producers = new ArrayList<>();
        for (int p = 0; p < found.size(); p++) {
            for (ProducerEntry entry : found.get(p)) {
                long age = Math.max(0, now - entry.lastAppendMillis());
                producers.add(new KnownProducer(p, entry, age));
            }
        }
        return producers.stream().sorted(YOUNGEST_FIRST).limit(most).toList();
    }
}
