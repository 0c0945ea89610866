package io.ackgate.storage.engine;

import io.ackgate.storage.disk.UnreachableFileException;
import io.ackgate.storage.log.LogScrub;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for rot before anybody needs the bytes: goes over all logs of the node, round after round,
 * no faster than it may. Bytes that the operating system has in memory are not read from the disk:
 * rot below them is found by a later round, when they have left it.
 */
final class Scrubber {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final EngineContext context;
    private final ScrubSettings settings;
    private final ScrubRound round = new ScrubRound();
    private final DamagedLogs damaged;
    private @Nullable Pass pass;
    private boolean underWay;

    private boolean ticked;
    private long nowNanos;
    private long nextRoundNanos;

    /** Bytes that may be read now; below 0 after a frame that was larger than what might be. */
    private long allowance;

    private long bytesRead;
    private long failedReads;

    Scrubber(EngineContext context) {
        this.context = context;
        this.settings = context.settings().scrub();
        this.damaged = context.damaged();
    }

    /** Lets time pass, and tells owners what they have to know. */
    void tick(NodeTime now, Answers out) {
        damaged.note();
        damaged.tell(out);
        if (settings.off()) {
            return;
        }
        damaged.takeToBeLookedAt().forEach(round::soon);
        if (!ticked) {
            ticked = true;
            nowNanos = now.nanos();
            nextRoundNanos = nowNanos;
        }
        long passed = Math.max(0, Math.min(now.nanos() - nowNanos, NANOS_PER_SECOND));
        nowNanos = now.nanos();
        allowance += settings.bytesPerSecond() * passed / NANOS_PER_SECOND;
        // What was not used is lost: a node that stood still reads no faster for it.
        allowance = Math.min(allowance, Math.max(settings.bytesPerSecond(), pieceBytes()));
        if (!round.underWay() && nowNanos - nextRoundNanos >= 0) {
            nextRoundNanos = nowNanos + settings.intervalMillis() * NANOS_PER_MILLI;
            round.begin(context.replicas().values(), now.latestMillis());
        }
    }

    /** Less than what is read in a second. */
    private int pieceBytes() {
        return (int) Math.min(settings.pieceBytes(), settings.bytesPerSecond());
    }

    /** The next piece to be looked at; null if there is none now, or one is under way. */
    @Nullable Lookup begin() {
        while (round.underWay() && !underWay && allowance >= pieceBytes()) {
            Pass current = pass;
            LogScrub.Piece piece = current == null ? null : current.next();
            if (current != null && piece != null) {
                underWay = true;
                return new Lookup(new PieceWork(current, piece), () -> underWay = false);
            }
            if (current != null) {
                current.ended();
            }
            pass = nextPass();
        }
        return null;
    }

    private @Nullable Pass nextPass() {
        Replica replica = round.next();
        while (replica != null) {
            PartitionLog log = replica.usableLog();
            if (log != null && damaged.stands(replica, log)) {
                return new Pass(replica, log);
            }
            replica = round.next();
        }
        return null;
    }

    /** The way over one log. */
    private final class Pass {
        private final Replica replica;
        private final PartitionLog log;
        private final LogScrub scrub;

        /** {@link DamagedLogs#met} when it began. */
        private final long since = damaged.met();

        /** Segments that the disk does not give, by the names of their files. */
        private final Map<String, UnreadSegments.Failure> failures = new LinkedHashMap<>();

        private boolean rotten;

        Pass(Replica replica, PartitionLog log) {
            this.replica = replica;
            this.log = log;
            this.scrub = new LogScrub(log);
        }

        /** Whether the log is another by now, or a cut has begun that it does not know of yet. */
        boolean disturbed() {
            return !damaged.stands(replica, log) || replica.changing();
        }

        /** Null at the end, and when the log does not stand still. */
        LogScrub.@Nullable Piece next() {
            return disturbed() ? null : scrub.next(pieceBytes());
        }

        /** All of it has been looked at, as far as it stood still. */
        void ended() {
            if (disturbed()) {
                putOff();
            } else {
                damaged.lookedAt(
                        replica,
                        log,
                        new DamagedLogs.Look(since, scrub.lookedUpTo(), rotten, failures));
            }
        }

        /**
         * Looks at it once more at the end of the round. Nothing is read for a while, so that what
         * was in the way may have passed by then.
         */
        void putOff() {
            allowance = Math.min(allowance, 0) - pieceBytes();
            round.again(replica);
        }
    }

    private final class PieceWork implements Lookup.Work {
        private final Pass of;
        private final LogScrub.Piece piece;

        PieceWork(Pass of, LogScrub.Piece piece) {
            this.of = of;
            this.piece = piece;
        }

        @Override
        public void run() {
            piece.run();
        }

        @Override
        public void done(Answers out) {
            bytesRead += piece.bytesRead();
            // A read that fails costs as much as one that does not.
            allowance -= piece.bytesRead() > 0 ? piece.bytesRead() : pieceBytes();
            if (of.disturbed()) {
                // Its files may have been cut or deleted meanwhile.
                of.putOff();
                pass = nextPass();
                return;
            }
            IOException failure = piece.failure();
            String rot = of.scrub.done(piece);
            if (failure instanceof UnreachableFileException) {
                failedReads++;
                context.tell(
                        "%s could not be scrubbed, and is looked at again later: %s"
                                .formatted(of.replica.partition(), failure));
                of.putOff();
                pass = nextPass();
            } else if (failure != null) {
                failedReads++;
                long end = of.scrub.endOf(piece);
                of.failures.put(piece.path(), new UnreadSegments.Failure(failure, end));
            } else if (rot != null) {
                of.rotten = true;
                damaged.corrupt(of.replica, of.log, piece.path(), piece.wholeUpTo(), rot);
                damaged.tell(out);
            }
        }
    }

    boolean underWay() {
        return underWay;
    }

    ScrubStatus status() {
        int left = round.left() + (pass == null ? 0 : 1);
        return new ScrubStatus(
                round.ended(), bytesRead, damaged.found(), failedReads, damaged.size(), left);
    }
}
