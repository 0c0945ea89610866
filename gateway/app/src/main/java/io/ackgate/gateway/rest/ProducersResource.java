package io.ackgate.gateway.rest;

import io.ackgate.gateway.failure.RequestChecks;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topic;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.ProducerEntry;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The idempotent producers of a topic. */
@Path("/admin/v1/topics/{name}/producers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Topics")
public class ProducersResource {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 10_000;

    private final Topics topics;
    private final GatewayRuntime runtime;

    ProducersResource(Topics topics, GatewayRuntime runtime) {
        this.topics = topics;
        this.runtime = runtime;
    }

    @GET
    @Operation(summary = "The idempotent producers that its partitions remember, youngest first")
    public Uni<List<ProducerView>> list(
            @RestPath String name,
            @RestQuery @Parameter(description = "At most this many, 1 to 10000; by default 100")
                    @Nullable String limit,
            @Context UriInfo uri) {
        Queries.only(uri, "limit");
        Topic topic = RequestChecks.topic(topics, name);
        int most = RequestChecks.number(limit, DEFAULT_PAGE, 1, MAX_PAGE, "limit");
        List<Uni<List<ProducerEntry>>> asked =
                IntStream.range(0, topic.partitions())
                        .mapToObj(
                                p ->
                                        Uni.createFrom()
                                                .completionStage(
                                                        () ->
                                                                runtime.producers(
                                                                        topic.partition(p))))
                        .toList();
        return Uni.join().all(asked).andFailFast().map(found -> youngest(found, most));
    }

    private static List<ProducerView> youngest(List<List<ProducerEntry>> found, int most) {
        long now = System.currentTimeMillis();
        List<ProducerView> producers = new ArrayList<>();
        for (int p = 0; p < found.size(); p++) {
            for (ProducerEntry entry : found.get(p)) {
                producers.add(ProducerView.of(entry, p, now));
            }
        }
        return producers.stream()
                .sorted(
                        Comparator.comparingLong(ProducerView::ageMs)
                                .thenComparingLong(ProducerView::producerId)
                                .thenComparingInt(ProducerView::partition))
                .limit(most)
                .toList();
    }
}
