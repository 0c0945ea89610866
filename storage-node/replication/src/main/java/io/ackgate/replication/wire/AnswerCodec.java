package io.ackgate.replication.wire;

import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.v1.AppendedAnswer;
import io.ackgate.storage.v1.ConfiguredAnswer;
import io.ackgate.storage.v1.DamagedAnswer;
import io.ackgate.storage.v1.DeletedAnswer;
import io.ackgate.storage.v1.FaultyAnswer;
import io.ackgate.storage.v1.FencedAnswer;
import io.ackgate.storage.v1.MissingAnswer;
import io.ackgate.storage.v1.OffsetListedAnswer;
import io.ackgate.storage.v1.ProducersAnswer;
import io.ackgate.storage.v1.ReconciledAnswer;
import io.ackgate.storage.v1.RecordsAnswer;
import io.ackgate.storage.v1.RefusedAnswer;
import io.ackgate.storage.v1.ReplicaAnswer;
import io.ackgate.storage.v1.WholeAnswer;

/** {@link StorageAnswer} to {@link ReplicaAnswer} and back. */
public final class AnswerCodec {
    private AnswerCodec() {}

    /** The message for an answer. Frames in it share the answer's bytes. */
    public static ReplicaAnswer encode(StorageAnswer answer) {
        PartitionId partition = answer.partition();
        ReplicaAnswer.Builder message =
                ReplicaAnswer.newBuilder()
                        .setTopicIdHigh(partition.topic().high())
                        .setTopicIdLow(partition.topic().low())
                        .setPartition(partition.partition())
                        .setEpoch(answer.epoch());
        switch (answer) {
            case StorageAnswer.Fenced fenced ->
                    message.setFenced(
                            FencedAnswer.newBuilder()
                                    .setIncarnation(fenced.incarnation().value())
                                    .setLogStart(fenced.logStart())
                                    .setLogEnd(fenced.logEnd())
                                    .setHighWatermark(fenced.highWatermark())
                                    .addAllChain(ChainCodec.encode(fenced.chain())));
            case StorageAnswer.Missing _ -> message.setMissing(MissingAnswer.getDefaultInstance());
            case StorageAnswer.Faulty faulty ->
                    message.setFaulty(
                            FaultyAnswer.newBuilder()
                                    .setIncarnation(faulty.incarnation().value())
                                    .setFault(AnswerEnums.encode(faulty.fault()))
                                    .setDetail(faulty.detail()));
            case StorageAnswer.Damaged damaged ->
                    message.setDamaged(
                            DamagedAnswer.newBuilder()
                                    .setIncarnation(damaged.incarnation().value())
                                    .setFault(AnswerEnums.encode(damaged.fault()))
                                    .setDetail(damaged.detail()));
            case StorageAnswer.Whole whole ->
                    message.setWhole(
                            WholeAnswer.newBuilder().setIncarnation(whole.incarnation().value()));
            case StorageAnswer.Reconciled reconciled ->
                    message.setReconciled(
                            ReconciledAnswer.newBuilder()
                                    .setIncarnation(reconciled.incarnation().value())
                                    .setLogEnd(reconciled.logEnd()));
            case StorageAnswer.Appended appended ->
                    message.setAppended(
                            AppendedAnswer.newBuilder()
                                    .setIncarnation(appended.incarnation().value())
                                    .setLogEnd(appended.logEnd()));
            case StorageAnswer.Refused refused ->
                    message.setRefused(
                            RefusedAnswer.newBuilder()
                                    .setReason(AnswerEnums.encode(refused.reason()))
                                    .setHeldEpoch(refused.heldEpoch())
                                    .setLogEnd(refused.logEnd())
                                    .setDetail(refused.detail()));
            case StorageAnswer.Records records ->
                    message.setRecords(
                            RecordsAnswer.newBuilder()
                                    .setRequestId(records.requestId())
                                    .setStatus(AnswerEnums.encode(records.status()))
                                    .setFrames(FrameBytes.share(records.frames()))
                                    .setLogStart(records.logStart())
                                    .setLogEnd(records.logEnd()));
            case StorageAnswer.OffsetListed found ->
                    message.setOffsetListed(
                            OffsetListedAnswer.newBuilder()
                                    .setRequestId(found.requestId())
                                    .setStatus(AnswerEnums.encode(found.status()))
                                    .setOffset(found.offset())
                                    .setTimestampMillis(found.timestampMillis()));
            case StorageAnswer.Producers producers ->
                    message.setProducers(
                            ProducersAnswer.newBuilder()
                                    .setRequestId(producers.requestId())
                                    .setLogEnd(producers.logEnd())
                                    .setKnown(ProducerCodec.encode(producers.known())));
            case StorageAnswer.Configured _ ->
                    message.setConfigured(ConfiguredAnswer.getDefaultInstance());
            case StorageAnswer.Deleted _ -> message.setDeleted(DeletedAnswer.getDefaultInstance());
        }
        return message.build();
    }

    /**
     * The answer in a message. Frames in it share the message's bytes.
     *
     * @throws MalformedMessageException if the message says nothing, something unknown, or
     *     something that cannot be
     */
    public static StorageAnswer decode(ReplicaAnswer message) throws MalformedMessageException {
        PartitionId partition =
                RequestCodec.partition(
                        message.getTopicIdHigh(), message.getTopicIdLow(), message.getPartition());
        int epoch = message.getEpoch();
        return switch (message.getAnswerCase()) {
            case FENCED -> {
                FencedAnswer fenced = message.getFenced();
                yield new StorageAnswer.Fenced(
                        partition,
                        epoch,
                        new Incarnation(fenced.getIncarnation()),
                        fenced.getLogStart(),
                        fenced.getLogEnd(),
                        fenced.getHighWatermark(),
                        ChainCodec.decode(fenced.getChainList()));
            }
            case MISSING -> new StorageAnswer.Missing(partition, epoch);
            case FAULTY ->
                    new StorageAnswer.Faulty(
                            partition,
                            epoch,
                            new Incarnation(message.getFaulty().getIncarnation()),
                            AnswerEnums.decode(message.getFaulty().getFault()),
                            message.getFaulty().getDetail());
            case DAMAGED ->
                    new StorageAnswer.Damaged(
                            partition,
                            epoch,
                            new Incarnation(message.getDamaged().getIncarnation()),
                            AnswerEnums.decode(message.getDamaged().getFault()),
                            message.getDamaged().getDetail());
            case WHOLE ->
                    new StorageAnswer.Whole(
                            partition, epoch, new Incarnation(message.getWhole().getIncarnation()));
            case RECONCILED ->
                    new StorageAnswer.Reconciled(
                            partition,
                            epoch,
                            new Incarnation(message.getReconciled().getIncarnation()),
                            message.getReconciled().getLogEnd());
            case APPENDED ->
                    new StorageAnswer.Appended(
                            partition,
                            epoch,
                            new Incarnation(message.getAppended().getIncarnation()),
                            message.getAppended().getLogEnd());
            case REFUSED ->
                    new StorageAnswer.Refused(
                            partition,
                            epoch,
                            AnswerEnums.decode(message.getRefused().getReason()),
                            message.getRefused().getHeldEpoch(),
                            message.getRefused().getLogEnd(),
                            message.getRefused().getDetail());
            case RECORDS -> {
                RecordsAnswer records = message.getRecords();
                yield new StorageAnswer.Records(
                        partition,
                        epoch,
                        records.getRequestId(),
                        AnswerEnums.decode(records.getStatus()),
                        FrameBytes.expose(records.getFrames()),
                        records.getLogStart(),
                        records.getLogEnd());
            }
            case OFFSET_LISTED -> {
                OffsetListedAnswer found = message.getOffsetListed();
                yield new StorageAnswer.OffsetListed(
                        partition,
                        epoch,
                        found.getRequestId(),
                        AnswerEnums.decode(found.getStatus()),
                        found.getOffset(),
                        found.getTimestampMillis());
            }
            case PRODUCERS ->
                    new StorageAnswer.Producers(
                            partition,
                            epoch,
                            message.getProducers().getRequestId(),
                            message.getProducers().getLogEnd(),
                            ProducerCodec.decode(message.getProducers().getKnown()));
            case CONFIGURED -> new StorageAnswer.Configured(partition, epoch);
            case DELETED -> new StorageAnswer.Deleted(partition, epoch);
            case ANSWER_NOT_SET ->
                    throw new MalformedMessageException(
                            "the answer of partition "
                                    + partition
                                    + " says nothing that is known here");
        };
    }
}
