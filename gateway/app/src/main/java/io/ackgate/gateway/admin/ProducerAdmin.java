package io.ackgate.gateway.admin;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.ProducerEntry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The door for idempotent producers, as partitions remember them. */
@Singleton
public class ProducerAdmin {
    /** So many may ask at once: each has a partition list up to 100,000 producers at a time. */
    private static final int MAX_LISTS = 4;

    private final Topics topics;
    private final GatewayRuntime runtime;
    private final Semaphore lists = new Semaphore(MAX_LISTS);

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
        if (!lists.tryAcquire()) {
            throw Failure.refused(
                            ErrorCode.THROTTLING_QUOTA_EXCEEDED,
                            "",
                            "the producers of topics are listed for %d others at the moment; ask again"
                                    .formatted(MAX_LISTS))
                    .asException();
        }
        YoungestProducers youngest = new YoungestProducers(most, System.currentTimeMillis());
        return Multi.createFrom()
                .range(0, topic.partitions())
                .onItem()
                .transformToUniAndConcatenate(
                        p -> entries(topic, p).invoke(found -> youngest.add(p, found)))
                .onItem()
                .ignoreAsUni()
                .map(all -> youngest.list())
                .onTermination()
                .invoke(lists::release);
    }

    private Uni<List<ProducerEntry>> entries(Topic topic, int partition) {
        return Uni.createFrom()
                .completionStage(() -> runtime.producers(topic.partition(partition)));
    }
}
