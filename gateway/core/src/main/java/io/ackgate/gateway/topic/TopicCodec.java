package io.ackgate.gateway.topic;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ackgate.gateway.metadata.codec.UnreadableMetadataException;
import io.ackgate.metadata.v1.Assignment;
import io.ackgate.metadata.v1.PartitionDeletion;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.TopicId;
import java.util.List;

/** Topics, and topics on their way out, as bytes. */
final class TopicCodec {
    private TopicCodec() {}

    /** Bytes from which {@link #decodeTopic} makes an equal topic. */
    static byte[] encode(Topic topic) {
        io.ackgate.metadata.v1.Topic.Builder message =
                io.ackgate.metadata.v1.Topic.newBuilder()
                        .setName(topic.name())
                        .setTopicIdHigh(topic.id().high())
                        .setTopicIdLow(topic.id().low())
                        .setReplicationFactor(topic.replicationFactor())
                        .putAllSettings(topic.overrides())
                        .setCreatedMillis(topic.createdMillis());
        for (List<NodeId> nodes : topic.assignment()) {
            message.addAssignments(Assignment.newBuilder().addAllNodeIds(numbers(nodes)));
        }
        return message.build().toByteArray();
    }

    /**
     * Reads a topic.
     *
     * @throws UnreadableMetadataException if the bytes are no topic
     */
    static Topic decodeTopic(byte[] bytes) {
        try {
            io.ackgate.metadata.v1.Topic message = io.ackgate.metadata.v1.Topic.parseFrom(bytes);
            return new Topic(
                    message.getName(),
                    new TopicId(message.getTopicIdHigh(), message.getTopicIdLow()),
                    message.getReplicationFactor(),
                    message.getAssignmentsList().stream()
                            .map(assignment -> nodes(assignment.getNodeIdsList()))
                            .toList(),
                    message.getSettingsMap(),
                    TopicSettings.resolve(message.getReplicationFactor(), message.getSettingsMap()),
                    message.getCreatedMillis());
        } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
            throw new UnreadableMetadataException("a topic", unreadable);
        }
    }

    /** Bytes from which {@link #decodeDeletion} makes an equal deletion. */
    static byte[] encode(TopicDeletion deletion) {
        io.ackgate.metadata.v1.TopicDeletion.Builder message =
                io.ackgate.metadata.v1.TopicDeletion.newBuilder()
                        .setName(deletion.name())
                        .setTopicIdHigh(deletion.id().high())
                        .setTopicIdLow(deletion.id().low())
                        .setRequestedMillis(deletion.requestedMillis());
        for (TopicDeletion.Replicas replicas : deletion.partitions()) {
            message.addPartitions(
                    PartitionDeletion.newBuilder()
                            .setEpoch(replicas.epoch())
                            .addAllNodeIds(numbers(replicas.nodes())));
        }
        return message.build().toByteArray();
    }

    /**
     * Reads a deletion.
     *
     * @throws UnreadableMetadataException if the bytes are none
     */
    static TopicDeletion decodeDeletion(byte[] bytes) {
        try {
            io.ackgate.metadata.v1.TopicDeletion message =
                    io.ackgate.metadata.v1.TopicDeletion.parseFrom(bytes);
            return new TopicDeletion(
                    message.getName(),
                    new TopicId(message.getTopicIdHigh(), message.getTopicIdLow()),
                    message.getPartitionsList().stream()
                            .map(
                                    partition ->
                                            new TopicDeletion.Replicas(
                                                    partition.getEpoch(),
                                                    nodes(partition.getNodeIdsList())))
                            .toList(),
                    message.getRequestedMillis());
        } catch (InvalidProtocolBufferException unreadable) {
            throw new UnreadableMetadataException("a topic's deletion", unreadable);
        }
    }

    private static List<Integer> numbers(List<NodeId> nodes) {
        return nodes.stream().map(NodeId::value).toList();
    }

    private static List<NodeId> nodes(List<Integer> numbers) {
        return numbers.stream().map(NodeId::new).toList();
    }
}
