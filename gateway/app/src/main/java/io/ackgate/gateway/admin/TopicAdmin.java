package io.ackgate.gateway.admin;

import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.failure.Failures;
import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.health.TopicReadiness;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.TopicChange;
import io.ackgate.gateway.topic.TopicOutcome;
import io.ackgate.gateway.topic.TopicSpec;
import io.ackgate.gateway.topic.Topics;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The door for topics: created, described, changed, deleted. What cannot be done fails with the
 * {@code FailureException} that says why. Fulfilled on a thread of a partition or of the metadata
 * store: go on elsewhere.
 */
@Singleton
public class TopicAdmin {
    private final Topics topics;
    private final GatewayRuntime runtime;
    private final TopicReadiness readiness;

    TopicAdmin(Topics topics, GatewayRuntime runtime, TopicReadiness readiness) {
        this.topics = topics;
        this.runtime = runtime;
        this.readiness = readiness;
    }

    /**
     * A topic with its partitions.
     *
     * @param partitions how each stands, in their order
     */
    public record DescribedTopic(Topic topic, List<PartitionStatus> partitions) {}

    /** All topics, by name. */
    public Uni<List<Topic>> list(Caller caller) {
        return Uni.createFrom()
                .completionStage(topics::list)
                .onFailure()
                .transform(why -> Failures.metadataSilent(why).asException());
    }

    /** Creates a topic; when it completes, the topic is durable and can be used. */
    public Uni<Topic> create(Caller caller, TopicSpec wanted) {
        return done(() -> topics.create(wanted)).flatMap(readiness::await);
    }

    /** Changes settings or raises the number of partitions, which then can be used. */
    public Uni<Topic> alter(Caller caller, String name, TopicChange change) {
        return done(() -> topics.alter(name, change)).flatMap(readiness::await);
    }

    /**
     * Deletes a topic; when it completes, the name is free. Replicas drop their logs soon after.
     */
    public Uni<Void> delete(Caller caller, String name) {
        return done(() -> topics.delete(name)).replaceWithVoid();
    }

    /** A topic as of now, read from the metadata store. */
    public Uni<DescribedTopic> describe(Caller caller, String name) {
        return done(() -> topics.describe(name)).flatMap(this::described);
    }

    /**
     * A topic as this gateway last saw it, which may be behind what another gateway has just done:
     * for clients that ask where to go.
     */
    public Uni<DescribedTopic> lastSeen(Caller caller, String name) {
        return described(RequestChecks.topic(topics, name));
    }

    /** How a partition of a topic stands. */
    public Uni<PartitionStatus> partition(Caller caller, String name, int partition) {
        return done(() -> topics.describe(name))
                .flatMap(
                        topic ->
                                status(
                                        topic,
                                        RequestChecks.partition(topic, partition, "partition")));
    }

    private Uni<DescribedTopic> described(Topic topic) {
        List<Uni<PartitionStatus>> asked =
                IntStream.range(0, topic.partitions()).mapToObj(p -> status(topic, p)).toList();
        return Uni.join()
                .all(asked)
                .andFailFast()
                .map(statuses -> new DescribedTopic(topic, statuses));
    }

    private Uni<PartitionStatus> status(Topic topic, int partition) {
        return Uni.createFrom().completionStage(() -> runtime.status(topic.partition(partition)));
    }

    private static Uni<Topic> done(Supplier<CompletionStage<TopicOutcome>> request) {
        return Uni.createFrom()
                .completionStage(request)
                .map(
                        outcome ->
                                switch (outcome) {
                                    case TopicOutcome.Done(Topic topic) -> topic;
                                    case TopicOutcome.Refused refused ->
                                            throw Failures.of(refused).asException();
                                    case TopicOutcome.Unknown unknown ->
                                            throw Failures.of(unknown).asException();
                                });
    }
}
