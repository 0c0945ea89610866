package io.ackgate.gateway.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.ackgate.gateway.partition.PartitionEvent;
import org.junit.jupiter.api.Test;

class OfflineNoticeTest {
    private final OfflineNotice notice = new OfflineNotice();

    @Test
    void a_reason_is_told_once_until_another_one_or_somebody_serves() {
        assertEquals(new PartitionEvent.Offline("a"), notice.because("a"));
        assertNull(notice.because("a"));
        assertEquals(new PartitionEvent.Offline("b"), notice.because("b"));
        assertNull(notice.because("b"));
        notice.over();
        assertEquals(new PartitionEvent.Offline("b"), notice.because("b"));
    }
}
