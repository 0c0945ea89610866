package io.ackgate.storage.engine;

import static io.ackgate.storage.engine.EngineDriver.FSYNC;
import static io.ackgate.storage.engine.EngineDriver.P0;
import static io.ackgate.storage.engine.EngineDriver.P1;
import static io.ackgate.storage.engine.EngineDriver.SESSION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.KnownProducers;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Refusal;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may do what: epochs, sessions, contiguity, truncation. */
class RulesTest {
    private static final Incarnation FIRST = Incarnation.of(1, 1);
    private static final StreamSession YOUNGER = new StreamSession(7, 2);
    private static final StreamSession OTHER_GATEWAY = new StreamSession(8, 1);

    private EngineDriver node;

    @BeforeEach
    void one_replica_with_four_records() throws Exception {
        node = new EngineDriver();
        node.ready(P0, 1, FSYNC);
        for (int i = 0; i < 4; i++) {
            node.append(i, 1, "a" + i);
        }
    }

    private void refused(Refusal reason, long value, StorageAnswer answer) {
        StorageAnswer.Refused refused = assertInstanceOf(StorageAnswer.Refused.class, answer);
        assertEquals(reason, refused.reason(), refused.detail());
        boolean epochMatters = reason == Refusal.STALE_EPOCH || reason == Refusal.NOT_FENCED;
        assertEquals(
                value, epochMatters ? refused.heldEpoch() : refused.logEnd(), refused.toString());
    }

    private StorageAnswer fence(StreamSession session, int epoch) {
        return node.ask(session, new StorageRequest.Fence(P0, epoch));
    }

    private StorageAnswer reconcile(StreamSession session, int epoch, long end) {
        return node.ask(session, new StorageRequest.Reconcile(P0, epoch, FIRST, end));
    }

    private StorageAnswer append(StreamSession session, int epoch, ByteBuffer frame) {
        return node.ask(session, new StorageRequest.Append(P0, epoch, frame, 0));
    }

    @Test
    void a_lower_epoch_is_told_the_higher_one() {
        fence(OTHER_GATEWAY, 5);
        refused(Refusal.STALE_EPOCH, 5, fence(SESSION, 4));
        refused(Refusal.STALE_EPOCH, 5, append(SESSION, 1, Frames.of(P0, 4, 1, "zombie")));
        refused(Refusal.STALE_EPOCH, 5, reconcile(SESSION, 1, 4));
        refused(
                Refusal.STALE_EPOCH,
                5,
                node.ask(
                        SESSION,
                        new StorageRequest.Assign(P0, 4, Incarnation.of(4, 1), FSYNC, false)));
        refused(Refusal.STALE_EPOCH, 5, node.ask(SESSION, new StorageRequest.Delete(P0, 4)));
    }

    @Test
    void a_log_that_is_to_be_kept_is_not_begun() {
        StorageAnswer.Missing missing = new StorageAnswer.Missing(P1, 4);
        StorageRequest.Assign keep =
                new StorageRequest.Assign(P1, 4, Incarnation.of(4, 1), FSYNC, true);
        assertEquals(missing, node.ask(SESSION, keep));
        assertEquals(missing, node.ask(SESSION, new StorageRequest.Fence(P1, 4)));
    }

    @Test
    void a_higher_epoch_has_to_fence_first() {
        refused(Refusal.NOT_FENCED, 1, append(SESSION, 2, Frames.of(P0, 4, 2, "early")));
        refused(Refusal.NOT_FENCED, 1, reconcile(SESSION, 2, 4));
        refused(Refusal.NOT_FENCED, 1, node.ask(SESSION, new StorageRequest.Delete(P0, 2)));
    }

    @Test
    void an_older_stream_of_the_owner_has_nothing_to_say() {
        fence(YOUNGER, 1);
        refused(Refusal.STALE_SESSION, 4, fence(SESSION, 1));
        refused(Refusal.STALE_SESSION, 4, append(SESSION, 1, Frames.of(P0, 4, 1, "late")));
        refused(Refusal.STALE_SESSION, 4, reconcile(SESSION, 1, 4));
        assertInstanceOf(StorageAnswer.Fenced.class, fence(YOUNGER, 1), "again is fine");
    }

    @Test
    void another_gateway_cannot_share_an_epoch() {
        refused(Refusal.STALE_SESSION, 4, fence(OTHER_GATEWAY, 1));
        assertInstanceOf(StorageAnswer.Fenced.class, fence(OTHER_GATEWAY, 2));
    }

    @Test
    void a_session_has_to_reconcile_before_it_appends_again_after_each_fence() {
        fence(SESSION, 1);
        refused(Refusal.NOT_RECONCILED, 4, append(SESSION, 1, Frames.of(P0, 4, 1, "x")));
        reconcile(SESSION, 1, 4);
        assertEquals(
                new StorageAnswer.Appended(P0, 1, FIRST, 5),
                append(SESSION, 1, Frames.of(P0, 4, 1, "x")));
    }

    @Test
    void nothing_of_a_session_is_left_after_its_end() {
        node.engine.sessionClosed(SESSION);
        refused(Refusal.STALE_SESSION, 4, append(SESSION, 1, Frames.of(P0, 4, 1, "ghost")));
        assertEquals(StorageAnswer.ReadStatus.NOT_AVAILABLE, node.readOnce(P0, 1, 0).status());
    }

    @Test
    void sessions_do_not_survive_a_restart_but_epochs_do() throws Exception {
        fence(SESSION, 3);
        node.disk.closeHandles();
        node = node.reopen("boot-1");
        refused(Refusal.STALE_SESSION, 4, append(SESSION, 3, Frames.of(P0, 4, 3, "x")));
        refused(Refusal.STALE_EPOCH, 3, fence(OTHER_GATEWAY, 2));
        assertInstanceOf(StorageAnswer.Fenced.class, fence(OTHER_GATEWAY, 3));
    }

    @Test
    void a_fence_voids_an_acknowledgement_that_is_under_way() {
        node.takeAnswers();
        node.handle(SESSION, new StorageRequest.Append(P0, 1, Frames.of(P0, 4, 1, "in flight"), 0));
        Sync sync = node.engine.beginSync();
        assertInstanceOf(Sync.class, sync);
        sync.run();
        // The bytes are on the disk, but the fence is handled before the engine hears of it.
        node.handle(OTHER_GATEWAY, new StorageRequest.Fence(P0, 2));
        node.engine.syncDone(sync, node.now, (to, answer) -> node.answers.add(answer));
        assertEquals(List.of(), node.takeAnswers());
        node.settle();
        assertEquals(
                List.of(
                        new StorageAnswer.Fenced(
                                P0, 2, FIRST, 0, 5, 0, EpochChain.EMPTY.append(1, 0))),
                node.takeAnswers(),
                "the fence covers the record, and only it is answered");
    }

    @Test
    void a_fence_is_answered_only_when_it_is_durable() throws Exception {
        node.takeAnswers();
        node.handle(OTHER_GATEWAY, new StorageRequest.Fence(P0, 2));
        assertEquals(List.of(), node.takeAnswers());
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertInstanceOf(StorageAnswer.Fenced.class, fence(SESSION, 1), "nobody was promised 2");
        fence(OTHER_GATEWAY, 2);
        node.disk.losePower(0);
        node = node.reopen("boot-3");
        refused(Refusal.STALE_EPOCH, 2, fence(SESSION, 1));
    }

    @Test
    void a_gap_is_refused_with_the_log_end() {
        refused(Refusal.GAP, 4, append(SESSION, 1, Frames.of(P0, 5, 1, "gap")));
    }

    @Test
    void a_repeat_is_acknowledged_again_and_another_batch_in_its_place_is_not() {
        assertEquals(
                new StorageAnswer.Appended(P0, 1, FIRST, 4),
                append(SESSION, 1, Frames.of(P0, 2, 1, "a2")));
        refused(Refusal.CONFLICT, 4, append(SESSION, 1, Frames.of(P0, 2, 1, "other")));
        assertEquals(4, node.read(P0, 1, 0).size());
        fence(SESSION, 2);
        reconcile(SESSION, 2, 4);
        refused(Refusal.CONFLICT, 4, append(SESSION, 2, Frames.of(P0, 2, 2, "a2")));
        assertEquals(
                new StorageAnswer.Appended(P0, 2, FIRST, 4),
                append(SESSION, 2, Frames.of(P0, 2, 1, "a2")),
                "catch-up keeps the batch's own epoch");
    }

    @Test
    void a_repeat_of_what_is_not_durable_yet_waits_for_it() {
        node.takeAnswers();
        ByteBuffer frame = Frames.of(P0, 4, 1, "new");
        node.handle(SESSION, new StorageRequest.Append(P0, 1, frame, 0));
        Sync sync = node.engine.beginSync();
        node.handle(SESSION, new StorageRequest.Append(P0, 1, frame.duplicate(), 0));
        assertEquals(List.of(), node.takeAnswers());
        assertInstanceOf(Sync.class, sync).run();
        node.engine.syncDone(sync, node.now, (to, answer) -> node.answers.add(answer));
        assertEquals(new StorageAnswer.Appended(P0, 1, FIRST, 5), node.takeAnswers().get(0));
    }

    @Test
    void a_batch_of_an_older_epoch_than_the_logs_last_does_not_fit() {
        fence(SESSION, 3);
        reconcile(SESSION, 3, 4);
        append(SESSION, 3, Frames.of(P0, 4, 3, "new"));
        refused(Refusal.CONFLICT, 5, append(SESSION, 3, Frames.of(P0, 5, 2, "old")));
        refused(Refusal.CONFLICT, 5, append(SESSION, 3, Frames.of(P0, 5, 4, "of the future")));
    }

    @Test
    void a_frame_that_changed_on_its_way_is_refused() {
        ByteBuffer frame = Frames.of(P0, 4, 1, "payload");
        for (int at = 0; at < frame.capacity(); at++) {
            ByteBuffer changed = ByteBuffer.allocate(frame.capacity()).put(frame.duplicate());
            changed.put(at, (byte) (changed.get(at) ^ 4)).flip();
            refused(Refusal.CORRUPT_FRAME, 4, append(SESSION, 1, changed));
        }
        refused(Refusal.CORRUPT_FRAME, 4, append(SESSION, 1, frame.slice(0, frame.capacity() - 1)));
    }

    @Test
    void a_frame_of_another_partition_is_refused() {
        refused(Refusal.CORRUPT_FRAME, 4, append(SESSION, 1, Frames.of(P1, 4, 1, "lost")));
    }

    @Test
    void a_reconcile_must_name_the_incarnation() {
        fence(SESSION, 2);
        Incarnation other = Incarnation.of(2, 1);
        refused(
                Refusal.WRONG_INCARNATION,
                4,
                node.ask(SESSION, new StorageRequest.Reconcile(P0, 2, other, 4)));
    }

    @Test
    void what_this_epoch_wrote_is_never_cut() {
        fence(YOUNGER, 1);
        refused(
                Refusal.UNSAFE_TRUNCATION,
                4,
                node.ask(YOUNGER, new StorageRequest.Reconcile(P0, 1, FIRST, 2)));
    }

    @Test
    void nothing_below_the_high_watermark_is_cut() {
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, 3));
        fence(SESSION, 2);
        refused(Refusal.UNSAFE_TRUNCATION, 4, reconcile(SESSION, 2, 2));
        assertEquals(new StorageAnswer.Reconciled(P0, 2, FIRST, 3), reconcile(SESSION, 2, 3));
    }

    @Test
    void a_repeated_reconcile_cuts_nothing() {
        fence(SESSION, 2);
        reconcile(SESSION, 2, 4);
        append(SESSION, 2, Frames.of(P0, 4, 2, "x"));
        refused(Refusal.UNSAFE_TRUNCATION, 5, reconcile(SESSION, 2, 4));
        assertEquals(
                new StorageAnswer.Reconciled(P0, 2, FIRST, 5),
                reconcile(SESSION, 2, 5),
                "one that cuts nothing is only a repeat");
    }

    @Test
    void nobody_reconciles_beyond_the_end() {
        fence(SESSION, 2);
        refused(Refusal.GAP, 4, reconcile(SESSION, 2, 6));
    }

    @Test
    void appends_wait_until_the_cut_is_done() {
        fence(SESSION, 2);
        node.takeAnswers();
        node.handle(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 1));
        node.handle(SESSION, new StorageRequest.Append(P0, 2, Frames.of(P0, 1, 2, "y"), 0));
        node.settle();
        assertEquals(
                List.of(
                        new StorageAnswer.Reconciled(P0, 2, FIRST, 1),
                        new StorageAnswer.Appended(P0, 2, FIRST, 2)),
                node.takeAnswers());
    }

    @Test
    void a_restart_is_for_logs_that_end_before_the_leaders_begins() {
        node.handle(SESSION, new StorageRequest.AdvanceHighWatermark(P0, 1, 3));
        fence(SESSION, 2);
        refused(
                Refusal.UNSAFE_TRUNCATION,
                4,
                node.ask(
                        SESSION,
                        new StorageRequest.TruncateFullyAndStartAt(
                                P0, 2, FIRST, 2, KnownProducers.NOBODY)));
        assertEquals(
                new StorageAnswer.Reconciled(P0, 2, FIRST, 100),
                node.ask(
                        SESSION,
                        new StorageRequest.TruncateFullyAndStartAt(
                                P0, 2, FIRST, 100, KnownProducers.NOBODY)));
        append(SESSION, 2, Frames.of(P0, 100, 1, "caught up"));
        assertEquals(1, node.read(P0, 2, 100).size());
        assertEquals(StorageAnswer.ReadStatus.OUT_OF_RANGE, node.readOnce(P0, 2, 3).status());
        refused(
                Refusal.UNSAFE_TRUNCATION,
                101,
                node.ask(
                        SESSION,
                        new StorageRequest.TruncateFullyAndStartAt(
                                P0, 2, FIRST, 200, KnownProducers.NOBODY)));
    }

    @Test
    void what_arrives_once_more_of_a_stream_that_has_ended_cuts_nothing() throws Exception {
        fence(SESSION, 2);
        node.reconcile(P0, 2, FIRST, 4);
        append(SESSION, 2, Frames.of(P0, 4, 1, "caught up, so that its epoch protects nothing"));
        node.engine.sessionClosed(SESSION);
        refused(
                Refusal.STALE_SESSION,
                5,
                node.ask(SESSION, new StorageRequest.Reconcile(P0, 2, FIRST, 2)));
        refused(Refusal.STALE_SESSION, 5, node.ask(SESSION, new StorageRequest.Fence(P0, 2)));
        fence(new StreamSession(SESSION.gateway(), SESSION.stream() + 1), 2);
    }

    @Test
    void a_repeated_assignment_changes_nothing() {
        assertEquals(
                new StorageAnswer.Fenced(P0, 1, FIRST, 0, 4, 0, EpochChain.EMPTY.append(1, 0)),
                node.assign(P0, 1, FSYNC));
    }

    @Test
    void another_incarnation_is_another_log() {
        assertEquals(
                new StorageAnswer.Fenced(P0, 2, Incarnation.of(2, 1), 0, 0, 0, EpochChain.EMPTY),
                node.assign(P0, 2, FSYNC));
    }

    @Test
    void reads_are_for_the_session_that_has_reconciled() {
        assertEquals(StorageAnswer.ReadStatus.OK, node.readOnce(P0, 1, 0).status());
        fence(SESSION, 2);
        assertEquals(StorageAnswer.ReadStatus.NOT_AVAILABLE, node.readOnce(P0, 2, 0).status());
        assertEquals(StorageAnswer.ReadStatus.NOT_AVAILABLE, node.readOnce(P0, 1, 0).status());
        assertEquals(StorageAnswer.ReadStatus.NOT_AVAILABLE, node.readOnce(P1, 1, 0).status());
        refused(
                Refusal.NOT_RECONCILED,
                4,
                node.ask(SESSION, new StorageRequest.ReadProducers(P0, 2, 1)));
        refused(
                Refusal.STALE_EPOCH,
                2,
                node.ask(SESSION, new StorageRequest.ListOffset(P0, 1, 1, 0)));
    }

    @Test
    void a_read_ends_where_it_is_told_to() {
        StorageAnswer.Records records =
                (StorageAnswer.Records)
                        node.ask(SESSION, new StorageRequest.Read(P0, 1, 9, 1, 4096, 3));
        assertEquals(2, Frames.identities(records.frames()).size());
        assertEquals(9, records.requestId());
        records =
                (StorageAnswer.Records)
                        node.ask(SESSION, new StorageRequest.Read(P0, 1, 9, 1, 1, 4));
        assertEquals(1, Frames.identities(records.frames()).size(), "one at least");
        assertEquals(0, node.readOnce(P0, 1, 4).frames().remaining());
        assertEquals(StorageAnswer.ReadStatus.OK, node.readOnce(P0, 1, 4).status());
        assertEquals(StorageAnswer.ReadStatus.OUT_OF_RANGE, node.readOnce(P0, 1, 5).status());
    }

    @Test
    void what_is_deleted_is_missing() throws Exception {
        assertEquals(
                new StorageAnswer.Deleted(P0, 1),
                node.ask(SESSION, new StorageRequest.Delete(P0, 1)));
        assertEquals(new StorageAnswer.Missing(P0, 2), fence(SESSION, 2));
        assertEquals(
                new StorageAnswer.Deleted(P0, 2),
                node.ask(SESSION, new StorageRequest.Delete(P0, 2)));
        node.disk.losePower(0);
        node = node.reopen("boot-2");
        assertEquals(new StorageAnswer.Missing(P0, 2), fence(SESSION, 2));
    }

    @Test
    void a_frame_that_is_larger_than_allowed_is_refused() {
        ByteBuffer frame = Frames.of(P0, 4, 1, "x".repeat(EngineSettings.SMALL.maxFrameBytes()));
        refused(Refusal.CORRUPT_FRAME, 4, append(SESSION, 1, frame));
    }
}
