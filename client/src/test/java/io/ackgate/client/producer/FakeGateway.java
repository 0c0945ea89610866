package io.ackgate.client.producer;

import io.ackgate.client.Fate;
import io.ackgate.client.wire.ChannelFactory;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.record.RecordBatchReader;
import io.ackgate.record.UnreadableBatchException;
import io.ackgate.v1.Acks;
import io.ackgate.v1.ClusterServiceGrpc;
import io.ackgate.v1.DescribeTopicRequest;
import io.ackgate.v1.DescribeTopicResponse;
import io.ackgate.v1.Error;
import io.ackgate.v1.InitProducerRequest;
import io.ackgate.v1.InitProducerResponse;
import io.ackgate.v1.PartitionDescription;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProduceStreamRequest;
import io.ackgate.v1.ProduceStreamResponse;
import io.ackgate.v1.ProducerServiceGrpc;
import io.ackgate.v1.Receipt;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A gateway inside the test, with a {@link ModelLog} per partition and faults on demand. What it
 * has written survives {@link #stop()}.
 */
public final class FakeGateway implements AutoCloseable {
    /** What happens to one produce request. */
    public enum Fault {
        /** Nothing: it is written and answered. */
        NONE,
        /** The stream breaks before the request is looked at. */
        BREAK_BEFORE,
        /** It is written, and the stream breaks instead of an answer. */
        BREAK_AFTER,
        /** It is written, and neither this nor any later request of the stream is answered. */
        SILENCE,
        /** Refused, retriable, not written. */
        NOT_ENOUGH_REPLICAS,
        /** Written, and answered with an error that leaves that open. */
        NOT_ENOUGH_REPLICAS_AFTER_APPEND,
        /** Refused for ever, not written. */
        POLICY_VIOLATION
    }

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String name = "fake-gateway-" + NAMES.incrementAndGet();
    private final Map<String, DescribeTopicResponse> topics = new HashMap<>();
    private final Map<TopicPartition, ModelLog> logs = new HashMap<>();
    private final List<List<String>> batches = new ArrayList<>();
    private final Deque<Fault> nextFaults = new ArrayDeque<>();
    private final List<BindableService> services = new ArrayList<>();
    private Supplier<Fault> faults = () -> Fault.NONE;
    private long nextProducerId = 1;
    private @Nullable Server server;

    public final List<ProduceRequest> requests = new ArrayList<>();
    public int streams;
    public int duplicates;

    public FakeGateway() {
        services.add(new Producing());
        services.add(new Describing());
    }

    /** Serves this too. */
    public synchronized FakeGateway with(BindableService service) {
        services.add(service);
        return this;
    }

    public FakeGateway start() {
        return start(InProcessServerBuilder.forName(name));
    }

    /** Serves on a real socket of the loopback address. */
    public FakeGateway startOnSocket() {
        return start(
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }

    private synchronized FakeGateway start(ServerBuilder<?> builder) {
        services.forEach(builder::addService);
        try {
            server = builder.directExecutor().build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Where it serves on a real socket. */
    public String address() {
        return "127.0.0.1:" + Objects.requireNonNull(server).getPort();
    }

    /** As if the process died: streams break, calls are refused. */
    public void stop() {
        Server running = server;
        if (running == null) {
            return;
        }
        server = null;
        running.shutdownNow();
        try {
            running.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }

    public ChannelFactory channels() {
        return (endpoint, loops) -> channel();
    }

    public io.grpc.ManagedChannel channel() {
        return InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    public synchronized FakeGateway topic(String topic, int partitions) {
        DescribeTopicResponse.Builder description =
                DescribeTopicResponse.newBuilder()
                        .setTopic(topic)
                        .putSettings("max.message.bytes", "1048588");
        for (int p = 0; p < partitions; p++) {
            description.addPartitions(
                    PartitionDescription.newBuilder().setPartition(p).setOnline(true));
            logs.putIfAbsent(new TopicPartition(topic, p), new ModelLog());
        }
        topics.put(topic, description.build());
        return this;
    }

    /** What happens to the next requests, one after the other; those after them are served. */
    public synchronized void next(Fault... sequence) {
        nextFaults.addAll(Arrays.asList(sequence));
    }

    /** What happens to every request from now on. */
    public synchronized void always(Supplier<Fault> source) {
        faults = source;
    }

    /** The values in a partition's log, by offset. */
    public synchronized List<String> values(String topic, int partition) {
        List<String> values = new ArrayList<>();
        int sameBatch = 0;
        int last = -1;
        for (int label : log(topic, partition).labels) {
            sameBatch = label == last ? sameBatch + 1 : 0;
            last = label;
            values.add(batches.get(label).get(sameBatch));
        }
        return values;
    }

    private ModelLog log(String topic, int partition) {
        return Objects.requireNonNull(logs.get(new TopicPartition(topic, partition)));
    }

    /** The next producer's batches go to a log that knows no producer any more. */
    public synchronized void forgetProducers() {
        logs.values().forEach(log -> log.producers.clear());
    }

    private final class Describing extends ClusterServiceGrpc.ClusterServiceImplBase {
        @Override
        public void describeTopic(
                DescribeTopicRequest request, StreamObserver<DescribeTopicResponse> answer) {
            DescribeTopicResponse topic;
            synchronized (FakeGateway.this) {
                topic = topics.get(request.getTopic());
            }
            if (topic == null) {
                answer.onError(unknownTopic(request.getTopic()));
            } else {
                answer.onNext(topic);
                answer.onCompleted();
            }
        }
    }

    private static Throwable unknownTopic(String topic) {
        return status(
                "UNKNOWN_TOPIC_OR_PARTITION",
                Status.Code.NOT_FOUND,
                "there is no topic '" + topic + "'");
    }

    /** As the real gateway refuses a call for ever. */
    public static Throwable status(String reason, Status.Code code, String message) {
        var info =
                com.google.rpc.ErrorInfo.newBuilder()
                        .setReason(reason)
                        .setDomain("ackgate.io")
                        .putMetadata("retriable", "false")
                        .putMetadata("fate", "NOT_WRITTEN")
                        .build();
        return io.grpc.protobuf.StatusProto.toStatusRuntimeException(
                com.google.rpc.Status.newBuilder()
                        .setCode(code.value())
                        .setMessage(reason + ": " + message)
                        .addDetails(com.google.protobuf.Any.pack(info))
                        .build());
    }

    private final class Producing extends ProducerServiceGrpc.ProducerServiceImplBase {
        @Override
        public void initProducer(
                InitProducerRequest request, StreamObserver<InitProducerResponse> answer) {
            long id;
            synchronized (FakeGateway.this) {
                id = nextProducerId++;
            }
            answer.onNext(InitProducerResponse.newBuilder().setProducerId(id).build());
            answer.onCompleted();
        }

        @Override
        public StreamObserver<ProduceStreamRequest> produceStream(
                StreamObserver<ProduceStreamResponse> answers) {
            synchronized (FakeGateway.this) {
                streams++;
            }
            return new ProduceCall(answers);
        }
    }

    private final class ProduceCall implements StreamObserver<ProduceStreamRequest> {
        private final StreamObserver<ProduceStreamResponse> answers;
        private boolean over;
        private boolean silent;

        ProduceCall(StreamObserver<ProduceStreamResponse> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(ProduceStreamRequest request) {
            synchronized (FakeGateway.this) {
                if (over) {
                    return;
                }
                ProduceRequest produce = request.getProduce();
                requests.add(produce);
                Fault fault = nextFaults.isEmpty() ? faults.get() : nextFaults.poll();
                if (fault == Fault.BREAK_BEFORE) {
                    breakOff();
                    return;
                }
                ModelLog.Answer answer = write(produce, fault);
                silent |= fault == Fault.SILENCE;
                if (fault == Fault.BREAK_AFTER) {
                    breakOff();
                } else if (!silent) {
                    answers.onNext(response(request.getCorrelationId(), produce, answer));
                }
            }
        }

        private void breakOff() {
            over = true;
            answers.onError(
                    Status.UNAVAILABLE
                            .withDescription("the fake broke the stream")
                            .asRuntimeException(new Metadata()));
        }

        @Override
        public void onError(Throwable thrown) {
            over = true;
        }

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }

    private ModelLog.Answer write(ProduceRequest produce, Fault fault) {
        ModelLog log = log(produce.getTopic(), produce.getPartition());
        ByteBuffer bytes = ByteBuffer.wrap(produce.getRecordBatch().toByteArray());
        log.lacksReplicas = fault == Fault.NOT_ENOUGH_REPLICAS;
        log.losesReplicasAfterAppend = fault == Fault.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
        if (fault == Fault.POLICY_VIOLATION) {
            return ModelLog.Answer.error("POLICY_VIOLATION", false, Fate.NOT_WRITTEN);
        }
        batches.add(decode(bytes));
        ModelLog.Answer answer = log.append(bytes, batches.size() - 1, false);
        if (answer.receipt() != null && answer.receipt().duplicate()) {
            duplicates++;
        }
        return answer;
    }

    private static List<String> decode(ByteBuffer bytes) {
        List<String> values = new ArrayList<>();
        RecordBatchReader reader = new RecordBatchReader(0);
        try {
            reader.reset(bytes);
            while (reader.next()) {
                values.add(
                        StandardCharsets.UTF_8
                                .decode(Objects.requireNonNull(reader.value()))
                                .toString());
            }
        } catch (UnreadableBatchException e) {
            throw new AssertionError(e);
        }
        return values;
    }

    private static ProduceStreamResponse response(
            long id, ProduceRequest produce, ModelLog.Answer answer) {
        ProduceStreamResponse.Builder response =
                ProduceStreamResponse.newBuilder().setCorrelationId(id);
        if (answer.receipt() == null) {
            return response.setError(error(Objects.requireNonNull(answer.error()))).build();
        }
        Receipt.Builder receipt =
                Receipt.newBuilder()
                        .setTopic(produce.getTopic())
                        .setPartition(produce.getPartition())
                        .setLeaderEpoch(1)
                        .setDuplicate(answer.receipt().duplicate());
        if (produce.getAcks() != Acks.ACKS_NONE && answer.receipt().baseOffset() >= 0) {
            receipt.setBaseOffset(answer.receipt().baseOffset());
        }
        return response.addReceipts(receipt).build();
    }

    public static Error error(GatewayError error) {
        return Error.newBuilder()
                .setCode(error.code())
                .setMessage(error.message())
                .setRetriable(error.retriable())
                .setFate(
                        error.fate() == Fate.NOT_WRITTEN
                                ? io.ackgate.v1.Fate.FATE_NOT_WRITTEN
                                : io.ackgate.v1.Fate.FATE_MAY_HAVE_BEEN_WRITTEN)
                .build();
    }
}
