package io.ackgate.client.producer;

import com.google.protobuf.ByteString;
import io.ackgate.v1.CommitOffsetsRequest;
import io.ackgate.v1.CommitOffsetsResponse;
import io.ackgate.v1.CommittedOffset;
import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.GetCommittedOffsetsRequest;
import io.ackgate.v1.GetCommittedOffsetsResponse;
import io.ackgate.v1.ListOffsetsRequest;
import io.ackgate.v1.ListOffsetsResponse;
import io.ackgate.v1.OffsetPosition;
import io.ackgate.v1.PartitionOffset;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads for a {@link FakeGateway}: a few records an answer, the timestamp of a record is its
 * offset, and streams break as often as they are told to.
 */
public final class FakeConsumption extends ConsumerServiceGrpc.ConsumerServiceImplBase {
    private final FakeGateway gateway;
    private final int recordsPerAnswer;
    private final Map<String, Map<Integer, Long>> committed = new TreeMap<>();

    private int answersPerStream = Integer.MAX_VALUE;

    public int subscriptions;
    public int leaderEpoch = 1;

    public FakeConsumption(FakeGateway gateway, int recordsPerAnswer) {
        this.gateway = gateway;
        this.recordsPerAnswer = recordsPerAnswer;
    }

    /** From now on each stream breaks after so many answers. */
    public synchronized void breakAfter(int answers) {
        answersPerStream = answers;
    }

    public synchronized Map<Integer, Long> committed(String group) {
        return Map.copyOf(committed.getOrDefault(group, Map.of()));
    }

    @Override
    public void listOffsets(
            ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> answer) {
        ListOffsetsResponse.Builder offsets = ListOffsetsResponse.newBuilder();
        for (int partition : request.getPartitionsList()) {
            int end = gateway.values(request.getTopic(), partition).size();
            PartitionOffset.Builder one =
                    PartitionOffset.newBuilder().setPartition(partition).setLeaderEpoch(1);
            if (request.hasTimestampMs()) {
                if (request.getTimestampMs() < end) {
                    one.setOffset(request.getTimestampMs());
                }
            } else {
                boolean earliest = request.getPosition() == OffsetPosition.OFFSET_POSITION_EARLIEST;
                one.setOffset(earliest ? 0 : end);
            }
            offsets.addOffsets(one);
        }
        answer.onNext(offsets.build());
        answer.onCompleted();
    }

    @Override
    public synchronized void commitOffsets(
            CommitOffsetsRequest request, StreamObserver<CommitOffsetsResponse> answer) {
        Map<Integer, Long> group =
                committed.computeIfAbsent(request.getGroup(), _ -> new TreeMap<>());
        request.getOffsetsList()
                .forEach(offset -> group.put(offset.getPartition(), offset.getOffset()));
        answer.onNext(CommitOffsetsResponse.getDefaultInstance());
        answer.onCompleted();
    }

    @Override
    public synchronized void getCommittedOffsets(
            GetCommittedOffsetsRequest request,
            StreamObserver<GetCommittedOffsetsResponse> answer) {
        GetCommittedOffsetsResponse.Builder offsets = GetCommittedOffsetsResponse.newBuilder();
        committed(request.getGroup())
                .forEach(
                        (partition, offset) ->
                                offsets.addOffsets(
                                        CommittedOffset.newBuilder()
                                                .setPartition(partition)
                                                .setOffset(offset)));
        answer.onNext(offsets.build());
        answer.onCompleted();
    }

    @Override
    public synchronized void subscribe(
            SubscribeRequest request, StreamObserver<SubscribeResponse> answers) {
        subscriptions++;

        int partition = request.getPartitions(0);
        List<String> values = gateway.values(request.getTopic(), partition);
        if (request.getOffset() > values.size()) {
            answers.onError(
                    FakeGateway.status("OFFSET_OUT_OF_RANGE", Status.Code.OUT_OF_RANGE, "beyond"));
            return;
        }
        ServerCallStreamObserver<SubscribeResponse> flow =
                (ServerCallStreamObserver<SubscribeResponse>) answers;
        Sending sending = new Sending(flow, request, partition, (int) request.getOffset());
        flow.setOnReadyHandler(sending::more);
    }

    /** A stream on its way; it goes on with what is written meanwhile whenever it is asked. */
    private final class Sending {
        private final ServerCallStreamObserver<SubscribeResponse> answers;
        private final SubscribeRequest request;
        private final int partition;
        private int next;
        private int answersUntilBreak = answersPerStream;
        private boolean over;

        Sending(
                ServerCallStreamObserver<SubscribeResponse> answers,
                SubscribeRequest request,
                int partition,
                int next) {
            this.answers = answers;
            this.request = request;
            this.partition = partition;
            this.next = next;
        }

        void more() {
            synchronized (FakeConsumption.this) {
                List<String> values = gateway.values(request.getTopic(), partition);
                while (!over && answers.isReady() && next < values.size()) {
                    if (answersUntilBreak-- == 0) {
                        over = true;
                        answers.onError(Status.UNAVAILABLE.asRuntimeException());
                        return;
                    }
                    SubscribeResponse.Builder answer =
                            SubscribeResponse.newBuilder()
                                    .setPartition(partition)
                                    .setLeaderEpoch(leaderEpoch);
                    for (int i = 0; i < recordsPerAnswer && next < values.size(); i++) {
                        answer.addRecords(
                                ConsumerRecord.newBuilder()
                                        .setOffset(next)
                                        .setTimestampMs(next)
                                        .setValue(
                                                ByteString.copyFrom(
                                                        values.get(next), StandardCharsets.UTF_8)));
                        next++;
                    }
                    answers.onNext(answer.setNextOffset(next).build());
                }
            }
        }
    }
}
