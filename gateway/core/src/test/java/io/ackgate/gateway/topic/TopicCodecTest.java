package io.ackgate.gateway.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ackgate.gateway.metadata.codec.UnreadableMetadataException;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicCodecTest {
    private static final NodeId ONE = new NodeId(1);
    private static final NodeId TWO = new NodeId(2);
    private static final TopicId ID = new TopicId(-1, Long.MIN_VALUE);

    @Test
    void a_topic_is_read_as_it_was_written() {
        Map<String, String> overrides =
                Map.of("retention.ms", "-1", "ackgate.durability", "page-cache");
        Topic topic =
                new Topic(
                        "payments.v1",
                        ID,
                        2,
                        List.of(List.of(ONE, TWO), List.of(TWO, ONE)),
                        overrides,
                        TopicSettings.resolve(2, overrides),
                        1_700_000_000_000L);
        assertEquals(topic, TopicCodec.decodeTopic(TopicCodec.encode(topic)));
    }

    @Test
    void a_deletion_is_read_as_it_was_written() {
        TopicDeletion deletion =
                new TopicDeletion(
                        "payments",
                        ID,
                        List.of(
                                new TopicDeletion.Replicas(7, List.of(TWO)),
                                new TopicDeletion.Replicas(1, List.of(ONE, TWO))),
                        5);
        assertEquals(deletion, TopicCodec.decodeDeletion(TopicCodec.encode(deletion)));
    }

    @Test
    void a_setting_that_cannot_be_read_is_not_guessed() {
        byte[] strange =
                io.ackgate.metadata.v1.Topic.newBuilder()
                        .setReplicationFactor(1)
                        .putSettings("retention.ms", "a week")
                        .build()
                        .toByteArray();
        assertThrows(UnreadableMetadataException.class, () -> TopicCodec.decodeTopic(strange));
        byte[] stranger =
                io.ackgate.metadata.v1.Topic.newBuilder()
                        .setReplicationFactor(1)
                        .putSettings("ackgate.durability", "someday")
                        .build()
                        .toByteArray();
        assertThrows(UnreadableMetadataException.class, () -> TopicCodec.decodeTopic(stranger));
    }

    @Test
    void a_topic_has_no_partitions_but_its_own() {
        Topic topic =
                new Topic(
                        "t",
                        ID,
                        1,
                        List.of(List.of(ONE), List.of(TWO)),
                        Map.of(),
                        TopicSettings.resolve(1, Map.of()),
                        1);
        assertEquals(new PartitionId(ID, 0), topic.partition(0));
        assertEquals(new PartitionId(ID, 1), topic.partition(1));
        assertThrows(IndexOutOfBoundsException.class, () -> topic.partition(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> topic.partition(2));
    }
}
