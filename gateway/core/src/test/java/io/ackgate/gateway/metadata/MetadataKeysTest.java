package io.ackgate.gateway.metadata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.metadata.MetadataKeys.GroupPartition;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.TopicId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataKeysTest {
    private static final PartitionId ID = new PartitionId(new TopicId(-1, 5), 12);

    @Test
    void a_key_names_its_partition() {
        String key = MetadataKeys.partition(ID);
        assertEquals("partitions/ffffffff-ffff-ffff-0000-000000000005/12", key);
        assertEquals(ID, MetadataKeys.partitionOf(key));
    }

    @Test
    void a_key_names_its_group_and_partition() {
        String key = MetadataKeys.offset(ID, "g.1");
        assertEquals("offsets/ffffffff-ffff-ffff-0000-000000000005/12/g.1", key);
        assertEquals(new GroupPartition("g.1", ID), MetadataKeys.groupPartitionOf(key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cluster",
                "partitions/",
                "partitions/x",
                "partitions//1",
                "partitions/x/1",
                "partitions/ffffffff-ffff-ffff-0000-000000000005/x",
                "partition/ffffffff-ffff-ffff-0000-000000000005/12",
                "offsets/",
                "offsets/x",
                "offsets//x",
                "offsets/ffffffff-ffff-ffff-0000-000000000005/g",
                "offset//ffffffff-ffff-ffff-0000-000000000005/12/g"
            })
    void any_other_key_names_none(String key) {
        assertNull(MetadataKeys.partitionOf(key));
        assertNull(MetadataKeys.groupPartitionOf(key));
    }
}
