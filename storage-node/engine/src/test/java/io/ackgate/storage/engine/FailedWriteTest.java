package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.PAGE_CACHE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.disk.DiskFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A write that failed has left a part of a batch behind the batches of a segment. */
class FailedWriteTest extends DoubtfulLogs {
    private EngineDriver written() throws Exception {
        EngineDriver fresh = new EngineDriver();
        fresh.ready(P0, 1, PAGE_CACHE);
        for (int i = 0; i < 2; i++) {
            fresh.append(i, 1, "a" + i + "v".repeat(400));
        }
        return fresh;
    }

    /** A part of the batch that stands at the begin of the segment that follows. */
    private void leaveAPartBehind(String segment, String next) throws Exception {
        byte[] content = node.disk.content(next);
        try (DiskFile file = node.disk.open(segment)) {
            file.write(ByteBuffer.wrap(content, 0, 100), file.size());
        }
    }

    @Test
    void an_append_is_refused_that_would_begin_a_segment_behind_it() throws Exception {
        node = written();
        node.disk.space(200);
        node.disk.setTruncatesFail(true);
        refused(Refusal.DISK_FULL, node.append(2, 1, "b".repeat(400)));
        node.disk.space(Long.MAX_VALUE);
        refused(Refusal.STORAGE_ERROR, node.append(2, 1, "c".repeat(1_500)));
        node.disk.setTruncatesFail(false);
        assertInstanceOf(StorageAnswer.Appended.class, node.append(2, 1, "d".repeat(1_500)));
        List<String> all = node.read(P0, 1, 0);
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        assertEquals(all, held(P0));
        assertEquals(Incarnation.of(1, 1), fenced().incarnation());
    }

    private static void refused(Refusal reason, StorageAnswer answer) {
        assertEquals(reason, assertInstanceOf(StorageAnswer.Refused.class, answer).reason());
    }

    private StorageAnswer.Fenced fenced() {
        return assertInstanceOf(
                StorageAnswer.Fenced.class, node.fence(9), "" + node.engine.notes());
    }

    /** Nothing says of a killed page-cache log where a segment ends, but the one that follows. */
    @Test
    void a_start_finds_what_follows_in_the_next_segment() throws Exception {
        node = written();
        for (int i = 2; i < 12; i++) {
            node.append(i, 1, "a" + i + "v".repeat(400));
        }
        List<String> all = node.read(P0, 1, 0);
        List<String> segments = paths(P0, ".log");
        byte[] first = node.disk.content(segments.getFirst());
        for (int i = 0; i + 1 < segments.size(); i++) {
            leaveAPartBehind(segments.get(i), segments.get(i + 1));
        }
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        assertEquals(all, held(P0));
        assertEquals(Incarnation.of(1, 1), fenced().incarnation());
        assertEquals(first.length, node.disk.content(segments.getFirst()).length, "it is cut off");
    }

    @Test
    void so_it_does_of_a_log_in_doubt_of_which_the_tail_is_damaged() throws Exception {
        aSegmentCannotBeSynced();
        checkpoint();
        node.disk.failSyncs(null);
        List<String> segments = paths(P0, ".log");
        for (int i = 0; i + 1 < segments.size(); i++) {
            leaveAPartBehind(segments.get(i), segments.get(i + 1));
        }
        String tail = paths(P0, ".tail").getFirst();
        String text = new String(node.disk.content(tail), StandardCharsets.ISO_8859_1);
        node.disk.flipBit(tail, 8L * text.indexOf("a9v"));
        node.disk.closeHandles();
        requireAll("it stands in the segments");
    }

    /** A power loss may leave no more of a segment than its name. */
    @Test
    void an_empty_segment_is_not_what_follows() throws Exception {
        List<String> segments = paths(P0, ".log");
        String last = segments.getLast();
        leaveAPartBehind(segments.get(segments.size() - 2), last);
        node.disk.closeHandles();
        try (DiskFile file = node.disk.open(last)) {
            file.truncate(0);
        }
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        assertEquals(acknowledged, held(P0));
        assertEquals(14, fenced().logEnd());
    }
}
