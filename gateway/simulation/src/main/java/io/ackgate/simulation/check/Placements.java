package io.ackgate.simulation.check;

import static io.ackgate.simulation.check.Violation.unless;

import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.record.BatchFrame;
import io.ackgate.record.RecordBatch;
import io.ackgate.storage.api.NodeId;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which batch each (epoch, offset) was given to, ever. */
final class Placements {
    private record Place(int epoch, long baseOffset) {}

    private final Ledger ledger;
    private final Map<Place, Placement> placements = new HashMap<>();

    Placements(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * The owner of an epoch sends a batch of its own: the first time, it has given it the offset.
     */
    Placement placed(GatewaySession owner, ByteBuffer frame, States states) {
        int position = frame.position();
        int epoch = BatchFrame.leaderEpoch(frame, position);
        long base = BatchFrame.baseOffset(frame, position);
        Batch batch = batch(frame, position);
        Place place = new Place(epoch, base);
        Placement known = placements.get(place);
        if (known == null) {
            unless(
                    states.ownerOf(epoch).equals(owner),
                    Invariant.ONE_OWNER_PER_EPOCH,
                    () ->
                            "%s puts %s at %d in epoch %d, which is owned by %s"
                                    .formatted(owner, batch, base, epoch, states.ownerOf(epoch)));
            known =
                    new Placement(
                            epoch, base, BatchFrame.appendMillis(frame, position), batch, owner);
            placements.put(place, known);
            batch.placed(known);
        }
        Placement placement = known;
        unless(
                placement.batch() == batch,
                Invariant.OFFSETS_ARE_UNIQUE_AND_DENSE,
                () -> owner + " sends " + batch + " in the place of " + placement);
        return placement;
    }

    /** What an epoch's owner put at an offset; null if it put nothing there. */
    @Nullable Placement at(int epoch, long baseOffset) {
        return placements.get(new Place(epoch, baseOffset));
    }

    /** The placement that a replica's log, or an answer to a consumer, holds. */
    Placement known(NodeId node, ByteBuffer frame, int position) {
        return known(node.toString(), frame, position);
    }

    Placement known(String holder, ByteBuffer frame, int position) {
        Placement known =
                placements.get(
                        new Place(
                                BatchFrame.leaderEpoch(frame, position),
                                BatchFrame.baseOffset(frame, position)));
        if (known == null || known.batch() != batch(frame, position)) {
            throw new Violation(
                    Invariant.OFFSETS_ARE_UNIQUE_AND_DENSE,
                    "%s holds %s, which was never put there: %s"
                            .formatted(holder, PartitionWatch.describe(frame, position), known));
        }
        return known;
    }

    private Batch batch(ByteBuffer frame, int position) {
        Batch batch = ledger.byCrc(RecordBatch.crc(frame, BatchFrame.batchPosition(position)));
        if (batch == null) {
            throw new Violation(
                    Invariant.OFFSETS_ARE_UNIQUE_AND_DENSE,
                    "nobody ever sent " + PartitionWatch.describe(frame, position));
        }
        return batch;
    }
}
