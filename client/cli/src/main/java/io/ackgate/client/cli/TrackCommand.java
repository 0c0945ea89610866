package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.ackgate.client.Acks;
import io.ackgate.client.DeliveryException;
import io.ackgate.client.wire.GatewayError;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.ackgate.v1.ProducerServiceGrpc;
import io.ackgate.v1.Receipt;
import io.ackgate.v1.TrackProduceRequest;
import io.ackgate.v1.TrackProduceResponse;
import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes one record and shows each step of its acknowledgement. */
@Command(
        name = "track",
        description = {
            "Writes one record and shows each step of its acknowledgement with the time since the",
            "gateway took it: its place in the log, each replica that has it, and the commit."
        },
        mixinStandardHelpOptions = true)
final class TrackCommand implements Runnable {
    /** What the answer itself may take beyond the gateway's wait. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Spec private CommandSpec spec;
    @Mixin private GatewayOption gateway;
    @Mixin private OutputOption output;

    @Parameters(paramLabel = "TOPIC")
    private String topic;

    @Parameters(paramLabel = "VALUE", description = "The record's value, as UTF-8.")
    private String value;

    @Option(names = "--key", description = "The record's key. Default: none.")
    private @Nullable String key;

    @Option(names = "--partition", description = "Where it goes. Default: where its key says.")
    private @Nullable Integer partition;

    @Option(
            names = "--acks",
            paramLabel = "LEVEL",
            defaultValue = "all",
            description = "When it counts as written: 0, 1 or all (default).")
    private String acks;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "For the acknowledgement. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Override
    public void run() {
        TrackProduceRequest request = request();
        TopicProbe.requireTopic(gateway.endpoints(), gateway.tls(), topic);
        try (GatewayOption.Calls calls = gateway.calls()) {
            Iterator<TrackProduceResponse> steps =
                    ClientCalls.blockingServerStreamingCall(
                            calls.gateways().channel(),
                            ProducerServiceGrpc.getTrackProduceMethod(),
                            CallOptions.DEFAULT.withDeadlineAfter(
                                    timeout.plus(GRACE).toNanos(), TimeUnit.NANOSECONDS),
                            request);
            while (steps.hasNext()) {
                show(steps.next());
            }
        } catch (StatusRuntimeException e) {
            throw failure(GatewayError.of(e));
        }
    }

    private TrackProduceRequest request() {
        ProducerRecord.Builder record =
                ProducerRecord.newBuilder().setValue(ByteString.copyFromUtf8(value));
        if (key != null) {
            record.setKey(ByteString.copyFrom(key, StandardCharsets.UTF_8));
        }
        ProduceRequest.Builder produce =
                ProduceRequest.newBuilder()
                        .setTopic(topic)
                        .setAcks(level())
                        .setTimeoutMs((int) Math.min(timeout.toMillis(), Integer.MAX_VALUE))
                        .addRecords(record);
        if (partition != null) {
            produce.setPartition(partition);
        }
        return TrackProduceRequest.newBuilder().setProduce(produce).build();
    }

    private io.ackgate.v1.Acks level() {
        try {
            return switch (Acks.of(acks)) {
                case NONE -> io.ackgate.v1.Acks.ACKS_NONE;
                case LEADER -> io.ackgate.v1.Acks.ACKS_LEADER;
                case ALL -> io.ackgate.v1.Acks.ACKS_ALL;
            };
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void show(TrackProduceResponse answer) {
        ObjectNode json =
                JsonNodeFactory.instance.objectNode().put("elapsedUs", answer.getElapsedUs());
        switch (answer.getStepCase()) {
            case ACCEPTED ->
                    json.put("step", "accepted")
                            .put("baseOffset", answer.getAccepted().getBaseOffset())
                            .put("leaderEpoch", answer.getAccepted().getLeaderEpoch());
            case PERSISTED ->
                    json.put("step", "persisted")
                            .put("node", answer.getPersisted().getNodeId())
                            .put("leader", answer.getPersisted().getLeader());
            case COMMITTED ->
                    json.put("step", "committed")
                            .put("highWatermark", answer.getCommitted().getHighWatermark());
            case RECEIPT -> acknowledged(json, answer.getReceipt());
            case ERROR -> throw failure(GatewayError.of(answer.getError()));
            // A step of a later version, which this one cannot name.
            case STEP_NOT_SET -> json.put("step", "unknown");
        }
        print(json);
    }

    private static void acknowledged(ObjectNode json, Receipt receipt) {
        json.put("step", "acknowledged").put("partition", receipt.getPartition());
        if (receipt.hasBaseOffset()) {
            json.put("offset", receipt.getBaseOffset());
        }
        json.put("isr", receipt.getIsrSize());
        receipt.getReplicasList().forEach(json.putArray("replicas")::add);
    }

    private void print(ObjectNode json) {
        if (output.isJson()) {
            output.out().println(json);
        } else {
            StringBuilder line = new StringBuilder();
            line.append(
                    String.format(
                            Locale.ROOT,
                            "%9.3f ms  %-12s",
                            json.path("elapsedUs").asLong() / 1_000.0,
                            json.path("step").asText()));
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                if (!field.getKey().equals("elapsedUs") && !field.getKey().equals("step")) {
                    line.append(' ').append(field.getKey()).append('=').append(field.getValue());
                }
            }
            output.out().println(line);
        }
        // Each step is shown when it happens.
        output.out().flush();
    }

    private DeliveryException failure(GatewayError error) {
        return new DeliveryException(
                topic,
                partition == null ? DeliveryException.NO_PARTITION : partition,
                error.code(),
                error.writeStatus(),
                error.retriable(),
                1,
                error.message());
    }
}
