package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.client.wire.ChannelFactory;
import io.ackgate.client.wire.Gateways;
import io.ackgate.client.wire.UnaryCalls;
import io.ackgate.v1.ClusterServiceGrpc;
import io.ackgate.v1.DescribeClusterRequest;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gateway whose answer is larger than an answer may be. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileGatewayTest {
    private static final MethodDescriptor<byte[], Long> METHOD =
            MethodDescriptor.<byte[], Long>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName(
                            ClusterServiceGrpc.getDescribeClusterMethod().getFullMethodName())
                    .setRequestMarshaller(new Ignored())
                    .setResponseMarshaller(new Zeros())
                    .build();

    @Test
    void an_answer_above_128_mebibytes_is_not_taken() throws Exception {
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(
                                ServerServiceDefinition.builder(ClusterServiceGrpc.SERVICE_NAME)
                                        .addMethod(METHOD, HostileGatewayTest::answer)
                                        .build())
                        .build()
                        .start();
        try (Gateways gateways =
                new Gateways(
                        List.of(new Endpoint("127.0.0.1", server.getPort())),
                        ChannelFactory.NETTY)) {
            RequestException why =
                    assertThrows(
                            RequestException.class,
                            () ->
                                    new UnaryCalls(gateways, Duration.ofSeconds(20))
                                            .call(
                                                    ClusterServiceGrpc.getDescribeClusterMethod(),
                                                    DescribeClusterRequest.getDefaultInstance()));
            assertTrue(
                    String.valueOf(why.getMessage())
                            .contains(Integer.toString(ChannelFactory.MAX_ANSWER_BYTES)),
                    why::getMessage);
            assertFalse(why.retriable());
        } finally {
            server.shutdownNow();
        }
    }

    private static ServerCall.Listener<byte[]> answer(
            ServerCall<byte[], Long> call, Metadata headers) {
        call.request(1);
        return new ServerCall.Listener<>() {
            @Override
            public void onHalfClose() {
                call.sendHeaders(new Metadata());
                call.sendMessage(ChannelFactory.MAX_ANSWER_BYTES + 1L);
                call.close(Status.OK, new Metadata());
            }
        };
    }

    private static final class Ignored implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] bytes) {
            throw new IllegalStateException("nothing is asked for");
        }

        @Override
        public byte[] parse(InputStream stream) {
            return new byte[0];
        }
    }

    /** So many zeros, whose number is said before them. */
    private static final class Zeros implements MethodDescriptor.Marshaller<Long> {
        @Override
        public InputStream stream(Long bytes) {
            return new ManyZeros(bytes.intValue());
        }

        @Override
        public Long parse(InputStream stream) {
            throw new IllegalStateException("nobody answers here");
        }
    }

    private static final class ManyZeros extends InputStream implements KnownLength {
        private int left;

        private ManyZeros(int bytes) {
            this.left = bytes;
        }

        @Override
        public int available() {
            return left;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            int given = Math.min(left, length);
            if (given == 0) {
                return -1;
            }
            Arrays.fill(into, offset, offset + given, (byte) 0);
            left -= given;
            return given;
        }
    }
}
