package io.ackgate.gateway.metadata.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ClusterIdentityCodecTest {
    @Test
    void the_clusters_id_is_read_as_it_was_written() {
        byte[] bytes = ClusterIdentityCodec.encode("c-1", 1_700_000_000_000L);
        assertEquals("c-1", ClusterIdentityCodec.decode(bytes));
    }

    @Test
    void what_is_no_identity_says_so() {
        assertThrows(
                UnreadableMetadataException.class,
                () -> ClusterIdentityCodec.decode(new byte[] {(byte) 0xFF}));
    }
}
