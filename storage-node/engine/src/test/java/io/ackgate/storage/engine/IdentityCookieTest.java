package io.ackgate.storage.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.storage.api.ClusterIds;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeIdentity;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.simulated.Chance;
import io.ackgate.storage.disk.simulated.SimDisk;
import io.ackgate.storage.disk.simulated.SimulatedCrash;
import io.ackgate.storage.engine.IdentityCookie.WrongIdentityException;
import java.io.IOException;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdentityCookieTest {
    private static final UUID ID = new UUID(1, 2);
    private static final UUID OTHER = new UUID(3, 4);
    private static final NodeId NODE = new NodeId(7);

    private final SimDisk disk = new SimDisk();

    private WrongIdentityException refused(String cluster, NodeId node) {
        return assertThrows(
                WrongIdentityException.class,
                () -> IdentityCookie.claim(disk, cluster, node, OTHER));
    }

    @Test
    void an_empty_directory_becomes_the_nodes_own_and_stays_it() throws Exception {
        NodeIdentity made = IdentityCookie.claim(disk, "prod", NODE, ID);
        disk.losePower(0);
        assertEquals(made, IdentityCookie.claim(disk, "prod", NODE, OTHER));
        assertEquals(ID, made.directory());
    }

    @Test
    void anothers_directory_is_refused_and_named() throws Exception {
        IdentityCookie.claim(disk, "prod", NODE, ID);
        assertTrue(refused("prod", new NodeId(8)).toString().contains("node-7"));
        assertTrue(refused("test", NODE).toString().contains("'prod'"));
    }

    @Test
    void a_directory_of_no_cluster_becomes_one_of_the_first_and_stays_it() throws Exception {
        NodeIdentity free = IdentityCookie.claim(disk, ClusterIds.NONE, NODE, ID);
        assertFalse(free.hasCluster());
        assertEquals(free, IdentityCookie.claim(disk, ClusterIds.NONE, NODE, OTHER));

        NodeIdentity joined = IdentityCookie.join(disk, free, "prod");
        disk.losePower(0);
        assertEquals(free.in("prod"), joined);
        assertEquals(joined, IdentityCookie.join(disk, joined, "test"));
        assertEquals(joined, IdentityCookie.claim(disk, ClusterIds.NONE, NODE, OTHER));
        assertTrue(refused("test", NODE).toString().contains("'prod'"));
    }

    @Test
    void a_directory_of_no_cluster_is_claimed_for_the_one_that_is_set() throws Exception {
        IdentityCookie.claim(disk, ClusterIds.NONE, NODE, ID);
        IdentityCookie.claim(disk, "prod", NODE, OTHER);
        disk.losePower(0);
        assertEquals(
                new NodeIdentity("prod", NODE, ID),
                IdentityCookie.claim(disk, ClusterIds.NONE, NODE, OTHER));
    }

    @Test
    void a_crash_while_joining_leaves_a_directory_of_none_or_of_that_cluster() throws Exception {
        for (int at = 1; at < 6; at++) {
            for (int seed = 0; seed < 8; seed++) {
                SimDisk crashing = new SimDisk();
                NodeIdentity free = IdentityCookie.claim(crashing, ClusterIds.NONE, NODE, ID);
                crashing.crashAt(at);
                boolean told = false;
                try {
                    IdentityCookie.join(crashing, free, "prod");
                    told = true;
                } catch (SimulatedCrash expected) {
                    // Somewhere in between.
                }
                crashing.losePower(Chance.of(new Random(seed)), 0.5);
                NodeIdentity left = IdentityCookie.claim(crashing, ClusterIds.NONE, NODE, OTHER);
                assertTrue(
                        left.equals(free.in("prod")) || (!told && left.equals(free)),
                        left.toString());
            }
        }
    }

    @Test
    void content_without_a_cookie_is_nobodys() throws Exception {
        disk.create("checkpoint").close();
        refused("prod", NODE);
    }

    @Test
    void the_root_of_a_new_file_system_is_empty() throws Exception {
        disk.createDirectories("lost+found");
        IdentityCookie.claim(disk, "prod", NODE, ID);
        disk.create("checkpoint").close();
        assertEquals(ID, IdentityCookie.claim(disk, "prod", NODE, OTHER).directory());
        disk.delete("cookie");
        String told = refused("prod", NODE).toString();
        assertTrue(told.contains("[checkpoint]"), told);
    }

    @Test
    void a_cookie_with_a_bit_turned_over_anywhere_is_no_cookie() throws Exception {
        IdentityCookie.claim(disk, "prod", NODE, ID);
        long bits = 8 * size("cookie");
        for (int bit = 0; bit < bits; bit++) {
            disk.flipBit("cookie", bit);
            assertTrue(refused("prod", NODE).toString().contains("cookie is damaged"));
            disk.flipBit("cookie", bit);
        }
        assertEquals(ID, IdentityCookie.claim(disk, "prod", NODE, OTHER).directory());
    }

    @Test
    void a_whole_cookie_of_the_former_format_is_called_that_and_nothing_is_to_be_deleted()
            throws Exception {
        IdentityCookie.claim(disk, "prod", NODE, ID);
        try (DiskFile file = disk.open("cookie")) {
            file.truncate("cluster=prod\nnode=7\ndirectory=%s\n".formatted(ID).length());
        }
        String told = refused("prod", NODE).toString();
        assertTrue(told.contains("of another format"), told);
        assertTrue(told.contains("node-7 of cluster 'prod'"), told);
        assertFalse(told.contains("empty"), told);
    }

    private long size(String path) throws IOException {
        try (DiskFile file = disk.open(path)) {
            return file.size();
        }
    }

    @Test
    void a_crash_while_claiming_leaves_a_directory_that_can_be_claimed() throws Exception {
        for (int at = 1; at < 6; at++) {
            for (int seed = 0; seed < 8; seed++) {
                SimDisk crashing = new SimDisk();
                crashing.crashAt(at);
                try {
                    IdentityCookie.claim(crashing, "prod", NODE, ID);
                } catch (SimulatedCrash expected) {
                    // Somewhere in between.
                }
                crashing.losePower(Chance.of(new Random(seed)), 0.5);
                assertEquals(NODE, IdentityCookie.claim(crashing, "prod", NODE, OTHER).node());
            }
        }
    }
}
