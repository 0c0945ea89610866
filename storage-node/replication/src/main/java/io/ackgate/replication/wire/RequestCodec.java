package io.ackgate.replication.wire;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.TopicId;
import io.ackgate.storage.v1.AdvanceHighWatermarkRequest;
import io.ackgate.storage.v1.AppendRequest;
import io.ackgate.storage.v1.AssignRequest;
import io.ackgate.storage.v1.ConfigureRequest;
import io.ackgate.storage.v1.DeleteRequest;
import io.ackgate.storage.v1.FenceRequest;
import io.ackgate.storage.v1.ListOffsetRequest;
import io.ackgate.storage.v1.ReadProducersRequest;
import io.ackgate.storage.v1.ReadRequest;
import io.ackgate.storage.v1.ReconcileRequest;
import io.ackgate.storage.v1.ReplicaRequest;
import io.ackgate.storage.v1.TruncateFullyAndStartAtRequest;

/** {@link StorageRequest} to {@link ReplicaRequest} and back. */
public final class RequestCodec {
    private RequestCodec() {}

    /** The message for a request. A frame in it shares the request's bytes. */
    public static ReplicaRequest encode(StorageRequest request) {
        PartitionId partition = request.partition();
        ReplicaRequest.Builder message =
                ReplicaRequest.newBuilder()
                        .setTopicIdHigh(partition.topic().high())
                        .setTopicIdLow(partition.topic().low())
                        .setPartition(partition.partition())
                        .setEpoch(request.epoch());
        switch (request) {
            case StorageRequest.Fence _ -> message.setFence(FenceRequest.getDefaultInstance());
            case StorageRequest.Assign assign ->
                    message.setAssign(
                            AssignRequest.newBuilder()
                                    .setIncarnation(assign.incarnation().value())
                                    .setSettings(SettingsCodec.encode(assign.settings()))
                                    .setKeepLog(assign.keepLog()));
            case StorageRequest.Reconcile reconcile ->
                    message.setReconcile(
                            ReconcileRequest.newBuilder()
                                    .setIncarnation(reconcile.incarnation().value())
                                    .setTruncateTo(reconcile.truncateTo()));
            case StorageRequest.TruncateFullyAndStartAt truncate ->
                    message.setTruncateFullyAndStartAt(
                            TruncateFullyAndStartAtRequest.newBuilder()
                                    .setIncarnation(truncate.incarnation().value())
                                    .setStartOffset(truncate.startOffset())
                                    .setProducers(ProducerCodec.encode(truncate.producers())));
            case StorageRequest.Append append ->
                    message.setAppend(
                            AppendRequest.newBuilder()
                                    .setFrame(FrameBytes.share(append.frame()))
                                    .setHighWatermark(append.highWatermark()));
            case StorageRequest.AdvanceHighWatermark advance ->
                    message.setAdvanceHighWatermark(
                            AdvanceHighWatermarkRequest.newBuilder()
                                    .setHighWatermark(advance.highWatermark()));
            case StorageRequest.Read read ->
                    message.setRead(
                            ReadRequest.newBuilder()
                                    .setRequestId(read.requestId())
                                    .setOffset(read.offset())
                                    .setMaxBytes(read.maxBytes())
                                    .setUpTo(read.upTo()));
            case StorageRequest.ListOffset find ->
                    message.setListOffset(
                            ListOffsetRequest.newBuilder()
                                    .setRequestId(find.requestId())
                                    .setTimestampMillis(find.timestampMillis()));
            case StorageRequest.ReadProducers read ->
                    message.setReadProducers(
                            ReadProducersRequest.newBuilder().setRequestId(read.requestId()));
            case StorageRequest.Configure configure ->
                    message.setConfigure(
                            ConfigureRequest.newBuilder()
                                    .setSettings(SettingsCodec.encode(configure.settings())));
            case StorageRequest.Delete _ -> message.setDelete(DeleteRequest.getDefaultInstance());
        }
        return message.build();
    }

    /**
     * The request in a message. A frame in it shares the message's bytes.
     *
     * @throws MalformedMessageException if the message asks for nothing, for something unknown, or
     *     for something that cannot be
     */
    public static StorageRequest decode(ReplicaRequest message) throws MalformedMessageException {
        PartitionId partition =
                partition(
                        message.getTopicIdHigh(), message.getTopicIdLow(), message.getPartition());
        int epoch = message.getEpoch();
        if (epoch < 1) {
            throw new MalformedMessageException(
                    "epoch is " + epoch + " and must be 1 or more, for partition " + partition);
        }
        return switch (message.getRequestCase()) {
            case FENCE -> new StorageRequest.Fence(partition, epoch);
            case ASSIGN -> {
                AssignRequest assign = message.getAssign();
                yield new StorageRequest.Assign(
                        partition,
                        epoch,
                        new Incarnation(assign.getIncarnation()),
                        SettingsCodec.decode(assign.hasSettings(), assign.getSettings()),
                        assign.getKeepLog());
            }
            case RECONCILE ->
                    new StorageRequest.Reconcile(
                            partition,
                            epoch,
                            new Incarnation(message.getReconcile().getIncarnation()),
                            message.getReconcile().getTruncateTo());
            case TRUNCATE_FULLY_AND_START_AT ->
                    new StorageRequest.TruncateFullyAndStartAt(
                            partition,
                            epoch,
                            new Incarnation(message.getTruncateFullyAndStartAt().getIncarnation()),
                            message.getTruncateFullyAndStartAt().getStartOffset(),
                            ProducerCodec.decode(
                                    message.getTruncateFullyAndStartAt().getProducers()));
            case APPEND ->
                    new StorageRequest.Append(
                            partition,
                            epoch,
                            FrameBytes.expose(message.getAppend().getFrame()),
                            message.getAppend().getHighWatermark());
            case ADVANCE_HIGH_WATERMARK ->
                    new StorageRequest.AdvanceHighWatermark(
                            partition, epoch, message.getAdvanceHighWatermark().getHighWatermark());
            case READ -> {
                ReadRequest read = message.getRead();
                yield new StorageRequest.Read(
                        partition,
                        epoch,
                        read.getRequestId(),
                        read.getOffset(),
                        read.getMaxBytes(),
                        read.getUpTo());
            }
            case LIST_OFFSET ->
                    new StorageRequest.ListOffset(
                            partition,
                            epoch,
                            message.getListOffset().getRequestId(),
                            message.getListOffset().getTimestampMillis());
            case READ_PRODUCERS ->
                    new StorageRequest.ReadProducers(
                            partition, epoch, message.getReadProducers().getRequestId());
            case CONFIGURE ->
                    new StorageRequest.Configure(
                            partition,
                            epoch,
                            SettingsCodec.decode(
                                    message.getConfigure().hasSettings(),
                                    message.getConfigure().getSettings()));
            case DELETE -> new StorageRequest.Delete(partition, epoch);
            case REQUEST_NOT_SET ->
                    throw new MalformedMessageException(
                            "the request for partition "
                                    + partition
                                    + " asks for nothing that is known here");
        };
    }

    static PartitionId partition(long topicIdHigh, long topicIdLow, int partition)
            throws MalformedMessageException {
        if (partition < 0) {
            throw new MalformedMessageException(
                    "partition is " + partition + " and must be 0 or more");
        }
        return new PartitionId(new TopicId(topicIdHigh, topicIdLow), partition);
    }
}
