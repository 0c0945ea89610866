package io.ackgate.gateway.metadata.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ackgate.gateway.metadata.MetadataFullException;
import io.ackgate.gateway.metadata.MetadataKeys;
import io.ackgate.gateway.metadata.MetadataRoom;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import org.junit.jupiter.api.Test;

/** What a store holds in memory, and how much of it. */
class EntriesTest {
    private static final int MAX = 1_600;
    private static final int OVERHEAD = MetadataRoom.ENTRY_OVERHEAD_BYTES;

    private final Entries entries = new Entries(new MetadataRoom(MAX));

    private long put(String key, long version, int valueBytes) throws MetadataFullException {
        return assertInstanceOf(
                        Outcome.Applied.class,
                        entries.compareAndSet(key, version, new byte[valueBytes]))
                .version();
    }

    private long make(String key, int valueBytes) throws MetadataFullException {
        return put(key, MetadataStore.ABSENT, valueBytes);
    }

    private void assertFull(String key, long version, int valueBytes) {
        long before = entries.bytes();
        assertThrows(
                MetadataFullException.class,
                () -> entries.compareAndSet(key, version, new byte[valueBytes]));
        assertEquals(before, entries.bytes());
        assertEquals(version, entries.get(key).version());
    }

    @Test
    void new_keys_fill_it_to_the_byte() throws MetadataFullException {
        make("ab", 1_000);
        assertEquals(OVERHEAD + 1_002, entries.bytes());
        int left = MAX - OVERHEAD - 1_002 - OVERHEAD - 2;
        assertFull("cd", MetadataStore.ABSENT, left + 1);
        make("cd", left);
        assertEquals(MAX, entries.bytes());
    }

    @Test
    void an_eighth_more_is_there_for_what_is_known_and_for_partitions()
            throws MetadataFullException {
        long version = make("a", MAX - OVERHEAD - 1);
        int more = MAX / 8;
        assertFull("a", version, MAX - OVERHEAD - 1 + more + 1);
        version = put("a", version, MAX - OVERHEAD - 1 + more);
        assertEquals(MAX + more, entries.bytes());
        assertFull(MetadataKeys.PARTITIONS + "p", MetadataStore.ABSENT, 0);
        put("a", version, MAX - OVERHEAD - 1);
        make(MetadataKeys.PARTITIONS + "p", 0);
    }

    @Test
    void what_is_smaller_than_before_is_taken_by_a_store_that_is_too_full()
            throws MetadataFullException {
        Entries read = new Entries(new MetadataRoom(10));
        read.committed().put("a", new MetadataStore.Entry("a", 4, new byte[100]));
        read.startAt(5);
        assertEquals(OVERHEAD + 101, read.bytes());
        assertInstanceOf(Outcome.Applied.class, read.compareAndSet("a", 4, new byte[100]));
        assertInstanceOf(Outcome.Applied.class, read.compareAndSet("a", 5, new byte[99]));
        assertEquals(OVERHEAD + 100, read.bytes());
    }

    @Test
    void what_is_deleted_is_counted_no_more_and_what_is_not_there_changes_nothing()
            throws MetadataFullException {
        long version = make("a", 10);
        entries.commit();
        assertEquals(new Outcome.Applied(MetadataStore.ABSENT), entries.delete("b", 0));
        assertEquals(0, entries.changes().size());
        assertEquals(2, entries.nextVersion());
        assertInstanceOf(Outcome.Applied.class, entries.delete("a", version));
        assertEquals(0, entries.bytes());
        entries.rollBack();
        assertEquals(OVERHEAD + 11, entries.bytes());
        assertEquals(version, entries.get("a").version());
    }
}
