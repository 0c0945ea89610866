package io.ackgate.gateway.produce;

import io.ackgate.gateway.host.ElectionOutcome;
import io.ackgate.gateway.metadata.GatewaySession;
import io.ackgate.gateway.partition.Acks;
import io.ackgate.gateway.partition.FetchOutcome;
import io.ackgate.gateway.partition.Mandate;
import io.ackgate.gateway.partition.PartitionInput;
import io.ackgate.gateway.partition.PartitionStatus;
import io.ackgate.gateway.runtime.Cancellable;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.runtime.PartitionEventListener;
import io.ackgate.gateway.runtime.ProduceListener;
import io.ackgate.gateway.runtime.ReadMemory;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.ProducerEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Partitions to which batches are given, and nothing else. */
final class ProduceOnly implements GatewayRuntime {
    /** A batch that was given to its partition. */
    record Given(PartitionId partition, ByteBuffer frame, long timeoutNanos) {}

    final List<Given> given = new ArrayList<>();

    /** Called with each batch that is given to a partition; may fail. */
    Consumer<Given> onGiven = batch -> {};

    @Override
    public Cancellable produce(
            PartitionId partition,
            ByteBuffer frame,
            Acks acks,
            long timeoutNanos,
            ProduceListener listener) {
        Given batch = new Given(partition, frame, timeoutNanos);
        onGiven.accept(batch);
        given.add(batch);
        return () -> {};
    }

    @Override
    public GatewaySession session() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cancellable fetch(
            PartitionId partition,
            long offset,
            int maxBytes,
            int minBytes,
            long waitNanos,
            ReadMemory.Reader reader,
            Consumer<FetchOutcome> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cancellable position(
            PartitionId partition,
            PartitionInput.Position position,
            long timestampMillis,
            long waitNanos,
            Consumer<FetchOutcome> listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<PartitionStatus> status(PartitionId partition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<ElectionOutcome> electUnclean(PartitionId partition, Mandate mandate) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<List<ProducerEntry>> producers(PartitionId partition) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Map<PartitionId, PartitionStatus>> statuses() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long inFlightBytes() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int waitingReads() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ReadMemory readMemory() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addEventListener(PartitionEventListener listener) {
        throw new UnsupportedOperationException();
    }
}
