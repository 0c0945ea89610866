package io.ackgate.replication.wire;

import io.ackgate.storage.api.DiskSpace;
import io.ackgate.storage.api.Incarnation;
import io.ackgate.storage.api.NodeId;
import io.ackgate.storage.api.NodeIdentity;
import io.ackgate.storage.api.NodeReport;
import io.ackgate.storage.api.ReplicaStatus;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.v1.DescribeResponse;
import io.ackgate.storage.v1.Fault;
import io.ackgate.storage.v1.ReplicaDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** {@link NodeReport} to {@link DescribeResponse} and back. */
public final class ReportCodec {
    private ReportCodec() {}

    public static DescribeResponse encode(NodeReport report) {
        DescribeResponse.Builder message =
                DescribeResponse.newBuilder()
                        .setClusterId(report.identity().clusterId())
                        .setNodeId(report.identity().node().value())
                        .setCookie(report.identity().directory().toString())
                        .setUsableBytes(report.space().usableBytes())
                        .setTotalBytes(report.space().totalBytes());
        for (ReplicaStatus replica : report.replicas()) {
            message.addReplicas(encode(replica));
        }
        return message.build();
    }

    private static ReplicaDescription encode(ReplicaStatus replica) {
        StorageAnswer.Fault fault = replica.fault();
        return ReplicaDescription.newBuilder()
                .setTopicIdHigh(replica.partition().topic().high())
                .setTopicIdLow(replica.partition().topic().low())
                .setPartition(replica.partition().partition())
                .setEpoch(replica.epoch())
                .setIncarnation(replica.incarnation().value())
                .setDurability(SettingsCodec.encode(replica.durability()))
                .setFault(fault == null ? Fault.FAULT_UNSPECIFIED : AnswerEnums.encode(fault))
                .setLogStart(replica.logStart())
                .setLogEnd(replica.logEnd())
                .setHighWatermark(replica.highWatermark())
                .setBytes(replica.bytes())
                .setProducers(replica.producers())
                .build();
    }

    /**
     * The report in a message.
     *
     * @throws MalformedMessageException if the message says something unknown, or something that
     *     cannot be
     */
    public static NodeReport decode(DescribeResponse message) throws MalformedMessageException {
        List<ReplicaStatus> replicas = new ArrayList<>(message.getReplicasCount());
        for (ReplicaDescription replica : message.getReplicasList()) {
            replicas.add(decode(replica));
        }
        return new NodeReport(
                new NodeIdentity(
                        message.getClusterId(),
                        new NodeId(message.getNodeId()),
                        directory(message.getCookie())),
                new DiskSpace(message.getUsableBytes(), message.getTotalBytes()),
                replicas);
    }

    private static UUID directory(String cookie) throws MalformedMessageException {
        try {
            return UUID.fromString(cookie);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("cookie is '" + cookie + "' and must be a UUID");
        }
    }

    private static ReplicaStatus decode(ReplicaDescription message)
            throws MalformedMessageException {
        return new ReplicaStatus(
                RequestCodec.partition(
                        message.getTopicIdHigh(), message.getTopicIdLow(), message.getPartition()),
                message.getEpoch(),
                new Incarnation(message.getIncarnation()),
                SettingsCodec.decode(message.getDurability(), message.getDurabilityValue()),
                message.getFault() == Fault.FAULT_UNSPECIFIED
                        ? null
                        : AnswerEnums.decode(message.getFault()),
                message.getLogStart(),
                message.getLogEnd(),
                message.getHighWatermark(),
                message.getBytes(),
                message.getProducers());
    }
}
