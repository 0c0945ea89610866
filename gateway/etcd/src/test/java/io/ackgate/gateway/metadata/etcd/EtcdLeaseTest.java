package io.ackgate.gateway.metadata.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.runtime.Lease;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The place of the one gateway, on a real etcd. */
@Timeout(120)
class EtcdLeaseTest {
    private static final Duration TIME = Duration.ofSeconds(2);

    @TempDir private Path directory;

    @SuppressWarnings("NullAway.Init")
    private EtcdProcess etcd;

    @BeforeEach
    void startEtcd() throws Exception {
        etcd = EtcdProcess.start(directory);
    }

    @AfterEach
    void stopEtcd() throws Exception {
        if (etcd != null) {
            etcd.close();
        }
    }

    private EtcdMetadataStore store(String endpoint) throws IOException {
        return EtcdMetadataStore.open(
                new EtcdSettings(List.of(endpoint), "/a/", null, null, Duration.ofSeconds(2)),
                1 << 20);
    }

    /** What a gateway hears of its lease. */
    private static final class Heard implements Lease.Listener {
        private final BlockingQueue<List<Lease.Member>> live = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();

        @Override
        public void live(List<Lease.Member> members) {
            live.add(members);
        }

        @Override
        public void lost(String reason) {
            lost.add(reason);
        }
    }

    @Test
    void it_is_kept_for_longer_than_its_time_and_nobody_else_has_it_meanwhile() throws Exception {
        try (EtcdMetadataStore one = store(etcd.endpoint());
                EtcdMetadataStore other = store(etcd.endpoint())) {
            Heard heard = new Heard();
            try (EtcdLease lease = one.lease("one:8080", TIME)) {
                lease.start(heard);
                assertEquals(
                        List.of(new Lease.Member(lease.session(), "one:8080")), heard.live.poll());
                IOException refused =
                        assertThrows(IOException.class, () -> other.lease("other:8080", TIME));
                assertTrue(String.valueOf(refused.getMessage()).contains("one:8080"));
                assertNull(heard.lost.poll());
            }
            try (EtcdLease next = other.lease("other:8080", TIME)) {
                assertNotNull(next.session());
            }
        }
    }

    @Test
    void another_gateway_follows_one_that_is_not_heard_of_and_that_one_knows_before()
            throws Exception {
        try (Relay relay = new Relay(etcd.port());
                EtcdMetadataStore cut = store(relay.endpoint());
                EtcdMetadataStore other = store(etcd.endpoint())) {
            Heard heard = new Heard();
            try (EtcdLease lease = cut.lease("cut:8080", TIME)) {
                lease.start(heard);
                relay.cut();
                try (EtcdLease _ = other.lease("other:8080", TIME)) {
                    assertNotNull(heard.lost.poll(), "the other was let in first");
                }
            }
        }
    }

    @Test
    void an_etcd_that_starts_again_in_time_costs_nothing() throws Exception {
        try (EtcdMetadataStore store = store(etcd.endpoint())) {
            Heard heard = new Heard();
            try (EtcdLease lease = store.lease("one:8080", Duration.ofSeconds(30))) {
                lease.start(heard);
                etcd.kill();
                etcd.start();
                assertNull(heard.lost.poll(2, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void a_member_that_stands_still_costs_nothing_where_another_answers() throws Exception {
        try (Relay relay = new Relay(etcd.port());
                EtcdMetadataStore store =
                        EtcdMetadataStore.open(
                                new EtcdSettings(
                                        List.of(relay.endpoint(), etcd.endpoint()),
                                        "/a/",
                                        null,
                                        null,
                                        Duration.ofSeconds(2)),
                                1 << 20)) {
            Heard heard = new Heard();
            try (EtcdLease lease = store.lease("one:8080", Duration.ofSeconds(3))) {
                lease.start(heard);
                relay.freeze();
                assertNull(heard.lost.poll(6, TimeUnit.SECONDS));
            }
        }
    }
}
