package io.ackgate.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ackgate.gateway.process.ClusterView;
import io.ackgate.storage.api.NodeReport;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A storage node, with what it says of itself where one node was asked for. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Node")
record NodeView(
        @Schema(examples = "1") int id,
        @Schema(
                        description =
                                "host:port of its gRPC service; left out when it is in this"
                                        + " process",
                        examples = "10.0.0.7:9090")
                @Nullable String address,
        @Schema(description = "Whether this gateway has an open stream to it") boolean connected,
        @Schema(description = "Whether it is a member, to which replicas can be given")
                boolean registered,
        @Schema(description = "Its data directory's id; only of one node, and if it answers")
                @Nullable String dataDirectory,
        @Schema(description = "Replicas on it", examples = "6") @Nullable Integer replicas,
        @Schema(description = "Replicas that have to be made anew", examples = "0")
                @Nullable Integer faultyReplicas,
        @Schema(description = "Bytes of its replicas' segments") @Nullable Long bytes,
        @Schema(description = "Bytes that may still be written") @Nullable Long usableBytes,
        @Schema(description = "Bytes of its file system") @Nullable Long totalBytes) {

    static NodeView of(ClusterView.KnownNode node) {
        return of(node, null);
    }

    static NodeView of(ClusterView.KnownNode node, @Nullable NodeReport report) {
        return new NodeView(
                node.id().value(),
                node.address().isEmpty() ? null : node.address(),
                node.connected(),
                node.registered(),
                report == null ? null : report.identity().directory().toString(),
                report == null ? null : report.replicas().size(),
                report == null
                        ? null
                        : (int) report.replicas().stream().filter(r -> r.fault() != null).count(),
                report == null
                        ? null
                        : report.replicas().stream().mapToLong(replica -> replica.bytes()).sum(),
                report == null ? null : report.space().usableBytes(),
                report == null ? null : report.space().totalBytes());
    }
}
