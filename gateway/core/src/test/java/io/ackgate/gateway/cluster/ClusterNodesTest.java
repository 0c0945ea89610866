package io.ackgate.gateway.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.embedded.EmbeddedMetadataStore;
import io.ackgate.gateway.metadata.embedded.StoreDisk;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterNodesTest {
    private final ClusterNodes nodes = new ClusterNodes(store(), () -> 0);

    private static MetadataStore store() {
        try {
            return EmbeddedMetadataStore.open(new StoreDisk(), () -> {});
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private String id(Optional<String> wanted) {
        return nodes.clusterId(wanted).toCompletableFuture().join();
    }

    @Test
    void an_id_that_is_made_by_itself_stays() {
        String made = id(Optional.empty());
        assertEquals(36, made.length());
        assertEquals(made, id(Optional.empty()));
        assertEquals(made, id(Optional.of("prod")), "what is wanted later changes nothing");
    }

    @Test
    void an_id_that_is_wanted_at_first_stays() {
        assertEquals("prod", id(Optional.of("prod")));
        assertEquals("prod", id(Optional.empty()));
    }
}
