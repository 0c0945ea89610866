package io.ackgate.gateway.processes;

import io.ackgate.v1.ConsumerRecord;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.OffsetSpec;
import io.ackgate.v1.SubscribeRequest;
import io.ackgate.v1.SubscribeResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A subscription with defaults to all of a topic whose client takes nothing until it is told to.
 * Then it takes one answer after the other; a stream that was cut goes on where it was.
 */
final class StalledReader {
    private final ManagedChannel channel;
    private final String topic;
    private final Map<Integer, Long> nextOffsets = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<ClientCall<SubscribeRequest, SubscribeResponse>> calls = new ArrayList<>();
    private @Nullable Status cut;
    private int wanted;
    private int taken;

    /** Subscribes, from the first record of each partition. */
    StalledReader(ManagedChannel channel, String topic, int partitions) {
        this.channel = channel;
        this.topic = topic;
        for (int partition = 0; partition < partitions; partition++) {
            nextOffsets.put(partition, 0L);
        }
        subscribe(
                SubscribeRequest.newBuilder()
                        .setTopic(topic)
                        .setOffsetSpec(OffsetSpec.OFFSET_SPEC_EARLIEST)
                        .build());
    }

    private synchronized void subscribe(SubscribeRequest request) {
        ClientCall<SubscribeRequest, SubscribeResponse> call =
                channel.newCall(ConsumerServiceGrpc.getSubscribeMethod(), CallOptions.DEFAULT);
        calls.add(call);
        call.start(new Answers(call), new Metadata());
        call.sendMessage(request);
        call.halfClose();
        if (wanted > 0) {
            call.request(1);
        }
    }

    private final class Answers extends ClientCall.Listener<SubscribeResponse> {
        private final ClientCall<SubscribeRequest, SubscribeResponse> call;

        private Answers(ClientCall<SubscribeRequest, SubscribeResponse> call) {
            this.call = call;
        }

        @Override
        public void onMessage(SubscribeResponse answer) {
            if (taken(answer)) {
                call.request(1);
            } else {
                // What it does not take would be in the way of others on its connection.
                end();
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            closed(status);
        }
    }

    private synchronized boolean taken(SubscribeResponse answer) {
        for (ConsumerRecord record : answer.getRecordsList()) {
            long next = nextOffsets.getOrDefault(answer.getPartition(), -1L);
            String number = record.getKey().toStringUtf8();
            if (record.getOffset() != next || !number.equals(Long.toString(next))) {
                wrong.add(
                        "%d at %d instead of %d"
                                .formatted(answer.getPartition(), record.getOffset(), next));
            }
            nextOffsets.put(answer.getPartition(), record.getOffset() + 1);
            taken++;
        }
        return taken < wanted;
    }

    private synchronized void closed(Status status) {
        if (status.getCode() == Status.Code.CANCELLED || cut != null) {
            return;
        }
        cut = status;
        if (wanted > 0) {
            goOn();
        }
    }

    private void goOn() {
        for (Map.Entry<Integer, Long> next : Map.copyOf(nextOffsets).entrySet()) {
            subscribe(
                    SubscribeRequest.newBuilder()
                            .setTopic(topic)
                            .addPartitions(next.getKey())
                            .setOffset(next.getValue())
                            .build());
        }
    }

    /** Begins to take, until it has so many records or some more. */
    synchronized void take(int records) {
        wanted = records;
        if (cut != null) {
            goOn();
        } else {
            calls.getFirst().request(1);
        }
    }

    /** How its stream ended without being asked to; null if it has not. */
    synchronized @Nullable Status cut() {
        return cut;
    }

    synchronized boolean hasTakenAll() {
        return taken >= wanted;
    }

    /** How many records it has. */
    synchronized int taken() {
        return taken;
    }

    /** Records that came out of order, or with another one's content. */
    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    synchronized void end() {
        calls.forEach(call -> call.cancel("it has enough", null));
    }
}
