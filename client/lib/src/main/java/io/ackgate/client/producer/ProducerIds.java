package io.ackgate.client.producer;

import io.ackgate.client.wire.Backoff;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gets producer ids from the gateway and hands them to the lanes that want one. All partitions
 * share one, since sequences are counted per partition; a partition whose sequences came to a bad
 * end gets another. Confined to the sender's loop.
 */
final class ProducerIds {
    private final Sender sender;
    private final GatewayCalls calls;
    private final Backoff backoff;
    private final Set<PartitionLane> wanting = new LinkedHashSet<>();

    private @Nullable ProducerIdentity latest;
    private boolean asking;
    private int failuresInARow;
    private @Nullable GatewayError lastError;

    ProducerIds(Sender sender, GatewayCalls calls, Backoff backoff) {
        this.sender = sender;
        this.calls = calls;
        this.backoff = backoff;
    }

    /** Gives the lane an identity, at once or later. */
    void want(PartitionLane lane) {
        ProducerIdentity known = latest;
        if (known != null && !known.equals(lane.spentIdentity())) {
            lane.give(known);
            return;
        }
        wanting.add(lane);
        if (!asking) {
            ask();
        }
    }

    /** Why the last request for one failed; null if it did not. */
    @Nullable GatewayError lastError() {
        return lastError;
    }

    private void ask() {
        asking = true;
        calls.initProducer(InitProducerRequest.getDefaultInstance(), this::given, this::refused);
    }

    private void given(InitProducerResponse answer) {
        asking = false;
        failuresInARow = 0;
        lastError = null;
        ProducerIdentity fresh =
                new ProducerIdentity(answer.getProducerId(), (short) answer.getProducerEpoch());
        latest = fresh;
        List<PartitionLane> lanes = List.copyOf(wanting);
        wanting.clear();
        lanes.forEach(lane -> lane.give(fresh));
    }

    private void refused(GatewayError error) {
        lastError = error;
        failuresInARow++;
        sender.schedule(sender.nowNanos() + backoff.nanosAfter(failuresInARow), this::ask);
    }
}
