package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageAnswer.Fault;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.log.LogScrub;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for rot before anybody needs the bytes: goes over all logs of the node, round after round,
 * no faster than it may.
 *
 * <p>A log that is rotten stays in use, since all that is whole in it can be read and may be found
 * nowhere else. The owner is told that it is corrupt, as often as a stream joins and every few
 * minutes; it takes the replica out of the ISR and has it made anew once another one is whole.
 */
final class Scrubber {
    /** Before an owner that has let a rotten log stand is told again. */
    private static final long REMIND_NANOS = 600_000_000_000L;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A log that is rotten, and who knows. */
    private static final class Rotten {
        final PartitionLog log;
        final String detail;
        @Nullable StreamSession told;
        long remindAtNanos;

        Rotten(PartitionLog log, String detail) {
            this.log = log;
            this.detail = detail;
        }
    }

    private final EngineContext context;
    private final ScrubSettings settings;

    /** Replicas that are still to be looked at in this round. */
    private final ArrayDeque<Replica> round = new ArrayDeque<>();

    private final Map<Replica, Rotten> rotten = new LinkedHashMap<>();
    private @Nullable Pass pass;
    private boolean underWay;

    private boolean ticked;
    private long nowNanos;
    private long nextRoundNanos;

    /** Bytes that may be read now; below 0 after a frame that was larger than what might be. */
    private long allowance;

    private boolean inRound;
    private long rounds;
    private long bytesRead;
    private long rotFound;
    private long failedReads;

    Scrubber(EngineContext context) {
        this.context = context;
        this.settings = context.settings().scrub();
    }

    /** Lets time pass, and tells owners what they have to know. */
    void tick(NodeTime now, Answers out) {
        if (settings.off()) {
            return;
        }
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
        if (!inRound && nowNanos - nextRoundNanos >= 0) {
            beginRound(now.latestMillis());
        }
        tell(out);
    }

    /** Begins with another replica each time, so that restarts do not always leave out the same. */
    private void beginRound(long nowMillis) {
        nextRoundNanos = nowNanos + settings.intervalMillis() * NANOS_PER_MILLI;
        List<Replica> all = new ArrayList<>(context.replicas().values());
        if (!all.isEmpty()) {
            Collections.rotate(all, (int) Math.floorMod(nowMillis, (long) all.size()));
            round.addAll(all);
            inRound = true;
        }
    }

    /** Less than what is read in a second. */
    private int pieceBytes() {
        return (int) Math.min(settings.pieceBytes(), settings.bytesPerSecond());
    }

    /** The next piece to be looked at; null if there is none now, or one is under way. */
    @Nullable Lookup begin() {
        if (underWay || allowance < pieceBytes()) {
            return null;
        }
        while (inRound) {
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
        while (!round.isEmpty()) {
            Replica replica = round.remove();
            PartitionLog log = replica.usableLog();
            if (log != null) {
                return new Pass(replica, log);
            }
        }
        inRound = false;
        rounds++;
        return null;
    }

    /** The way over one log. */
    private final class Pass {
        private final Replica replica;
        private final PartitionLog log;
        private final LogScrub scrub;

        Pass(Replica replica, PartitionLog log) {
            this.replica = replica;
            this.log = log;
            this.scrub = new LogScrub(log);
        }

        /** Null at the end, and when the replica has another log by now, or none. */
        LogScrub.@Nullable Piece next() {
            // A cut has begun that the log does not know of yet: the next round looks at it.
            return stands(replica, log) && !replica.changing() ? scrub.next(pieceBytes()) : null;
        }

        /** All of it has been looked at, as far as it stood still, and is sound. */
        void ended() {
            if (stands(replica, log) && !replica.changing()) {
                rotten.remove(replica);
            }
        }

        void found(String detail) {
            Rotten known = rotten.get(replica);
            if (known != null && known.detail.equals(detail)) {
                known.told = null;
                return;
            }
            rotten.put(replica, new Rotten(log, detail));
            rotFound++;
            context.tell("%s is rotten: %s".formatted(replica.partition(), detail));
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
            allowance -= piece.bytesRead();
            if (!stands(of.replica, of.log) || of.replica.changing()) {
                // Its files may have been cut or deleted meanwhile.
                pass = nextPass();
                return;
            }
            IOException failure = piece.failure();
            String rot = of.scrub.done(piece);
            if (failure != null) {
                failedReads++;
                context.tell(
                        "%s could not be scrubbed, and is left for the next round: %s"
                                .formatted(of.replica.partition(), failure));
                pass = nextPass();
            } else if (rot != null) {
                of.found(rot);
                tell(out);
                pass = nextPass();
            }
        }
    }

    private boolean stands(Replica replica, PartitionLog log) {
        return context.replicas().get(replica.partition()) == replica && replica.usableLog() == log;
    }

    /** Tells each owner that does not know, or has let it stand for long. */
    private void tell(Answers out) {
        rotten.entrySet().removeIf(one -> !stands(one.getKey(), one.getValue().log));
        for (Map.Entry<Replica, Rotten> one : rotten.entrySet()) {
            Replica replica = one.getKey();
            Rotten rot = one.getValue();
            StreamSession owner = replica.changing() ? null : replica.joinedBy();
            if (owner == null || (owner.equals(rot.told) && nowNanos - rot.remindAtNanos < 0)) {
                continue;
            }
            rot.told = owner;
            rot.remindAtNanos = nowNanos + REMIND_NANOS;
            out.answer(
                    owner,
                    new StorageAnswer.Faulty(
                            replica.partition(),
                            replica.epoch(),
                            replica.incarnation(),
                            Fault.CORRUPT,
                            rot.detail));
        }
    }

    boolean underWay() {
        return underWay;
    }

    ScrubStatus status() {
        int left = round.size() + (pass == null ? 0 : 1);
        return new ScrubStatus(rounds, bytesRead, rotFound, failedReads, rotten.size(), left);
    }
}
