package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.Calls;
import io.ackgate.gateway.hostile.RawHttp2;
import io.ackgate.v1.ConsumerServiceGrpc;
import io.ackgate.v1.FetchRequest;
import io.ackgate.v1.FetchResponse;
import io.ackgate.v1.ProduceRequest;
import io.ackgate.v1.ProducerRecord;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Callers who want the memory of a gateway with a heap of 512 MiB. */
@Timeout(600)
class HostileCallersIT {
    private static final String TOPIC = "hunted";
    private static final String HEAD =
            String.join(
                    "\r\n",
                    "POST /admin/v1/topics/%s/records HTTP/1.1",
                    "Host: x",
                    "Content-Type: application/json",
                    "Content-Length: %d",
                    "",
                    "");
    private static final int ATTACKERS = 60;
    private static final int BODY_BYTES = 10 << 20;

    /** A stream takes 4 MiB before it has to be told that more may come, a connection 16. */
    private static final int WINDOW_BYTES = (4 << 20) - 65_536;

    private static final int FRAME_BYTES = 16_384;

    @TempDir Path data;

    private final List<AckgateProcess> lives = new ArrayList<>();
    private final List<Closeable> open = new ArrayList<>();

    @RegisterExtension final FailedWithLogs logs = new FailedWithLogs(() -> lives);

    private AckgateProcess process;
    private GatewayAccess gateway;

    @BeforeEach
    void start() throws Exception {
        process = AckgateProcess.gateway(data, 0);
        lives.add(process);
        gateway = new GatewayAccess(process.port());
        gateway.createTopic(TOPIC, 1, "page-cache");
    }

    @AfterEach
    void end() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
        gateway.close();
        process.close();
    }

    private void write(ByteString value) {
        Calls.producer(gateway.channel())
                .produce(
                        ProduceRequest.newBuilder()
                                .setTopic(TOPIC)
                                .setPartition(0)
                                .addRecords(ProducerRecord.newBuilder().setValue(value))
                                .build());
    }

    private void assertServes() {
        write(ByteString.copyFromUtf8("after"));
        assertTrue(process.runs());
        assertFalse(process.log().contains("OutOfMemoryError"), "it ran out of memory");
    }

    @Test
    void bodies_that_never_become_whole_have_a_bound() throws IOException {
        byte[] piece = new byte[BODY_BYTES - 1_000];
        for (int i = 0; i < ATTACKERS; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), process.port());
            open.add(socket);
            try {
                socket.getOutputStream()
                        .write(
                                HEAD.formatted(TOPIC, BODY_BYTES)
                                        .getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(piece);
            } catch (IOException cutOff) {
                // As it should be, sooner or later.
            }
        }
        assertServes();
        String refused = "ackgate_requests_cut_off_total{bound=\"body-memory\"";
        try (GatewayMetrics metrics = new GatewayMetrics(process.port())) {
            assertTrue(metrics.sum(refused) > 0, "all bodies were let in");
        }
    }

    @Test
    void messages_that_never_become_whole_are_cut_off() throws IOException {
        byte[] head = ByteBuffer.allocate(5).put((byte) 0).putInt(20 << 20).array();
        for (int i = 0; i < ATTACKERS / 2; i++) {
            RawHttp2 connection = new RawHttp2(process.port());
            open.add(connection);
            try {
                for (int stream = 0; stream < 4; stream++) {
                    int call = connection.call("/ackgate.v1.ProducerService/ProduceStream");
                    connection.frame(RawHttp2.DATA, 0, call, head);
                    for (int sent = 0; sent < WINDOW_BYTES; sent += FRAME_BYTES) {
                        connection.frame(RawHttp2.DATA, 0, call, new byte[FRAME_BYTES]);
                    }
                }
            } catch (IOException cutOff) {
                // A stream that was reset takes no more.
            }
        }
        assertServes();
        assertTrue(process.log().contains("requests that were not whole were cut off"));
    }

    /** Next to nothing on the wire, and half a gigabyte of objects. */
    @Test
    void requests_of_millions_of_empty_records_are_refused() throws IOException {
        byte[] empty = new byte[18 << 20];
        for (int i = 0; i < empty.length; i += 2) {
            empty[i] = ProduceRequest.RECORDS_FIELD_NUMBER << 3 | 2;
        }
        ProduceRequest millions = ProduceRequest.newBuilder().setTopic(TOPIC).build();
        ByteString bytes = millions.toByteString().concat(ByteString.copyFrom(empty));
        assertTrue(bytes.size() > empty.length);
        for (int i = 0; i < 4; i++) {
            try (RawHttp2 connection = new RawHttp2(process.port())) {
                int call =
                        connection.call(
                                "/ackgate.v1.ProducerService/Produce", "grpc-encoding", "gzip");
                connection.message(call, 1, RawHttp2.gzip(bytes.toByteArray()), true);
                assertEquals("3", connection.end(call).get("grpc-status"));
            }
        }
        assertServes();
    }

    @Test
    void a_thousand_fetches_of_64_mebibytes_that_nobody_takes_leave_room_for_others()
            throws Exception {
        ByteString value = ByteString.copyFrom(new byte[1_000_000]);
        for (int i = 0; i < 80; i++) {
            write(value);
        }
        FetchRequest large =
                FetchRequest.newBuilder().setTopic(TOPIC).setMaxBytes(64 << 20).build();
        for (int i = 0; i < 10; i++) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("127.0.0.1", process.port())
                            .usePlaintext()
                            .flowControlWindow(65_535)
                            .build();
            open.add(channel::shutdownNow);
            for (int each = 0; each < 100; each++) {
                ClientCall<FetchRequest, FetchResponse> call =
                        channel.newCall(ConsumerServiceGrpc.getFetchMethod(), CallOptions.DEFAULT);
                call.start(new ClientCall.Listener<>() {}, new Metadata());
                call.sendMessage(large);
                call.halfClose();
            }
        }
        Calls.await(
                () -> {
                    try {
                        return Calls.consumer(gateway.channel())
                                        .fetch(FetchRequest.newBuilder().setTopic(TOPIC).build())
                                        .getRecordsCount()
                                > 0;
                    } catch (StatusRuntimeException full) {
                        assertEquals(Status.Code.RESOURCE_EXHAUSTED, full.getStatus().getCode());
                        return false;
                    }
                });
        assertServes();
    }
}
