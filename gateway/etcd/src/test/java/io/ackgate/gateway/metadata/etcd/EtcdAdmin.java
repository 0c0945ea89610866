package io.ackgate.gateway.metadata.etcd;

import com.google.protobuf.CodedOutputStream;
import io.grpc.CallOptions;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What an operator of etcd does, with messages made by hand. */
final class EtcdAdmin implements AutoCloseable {
    /** A message's fields. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private final ManagedChannel channel;

    EtcdAdmin(String endpoint) {
        channel =
                NettyChannelBuilder.forTarget(
                                "dns:///" + endpoint, InsecureChannelCredentials.create())
                        .build();
    }

    /** Changes up to this revision are known no more. */
    void compact(long revision) {
        ask("KV/Compact", out -> out.writeInt64(1, revision));
    }

    /** Only this user may do anything from now on. */
    void requireLogin(String password) {
        ask(
                "Auth/UserAdd",
                out -> {
                    out.writeString(1, "root");
                    out.writeString(2, password);
                });
        ask("Auth/RoleAdd", out -> out.writeString(1, "root"));
        ask(
                "Auth/UserGrantRole",
                out -> {
                    out.writeString(1, "root");
                    out.writeString(2, "root");
                });
        ask("Auth/AuthEnable", out -> {});
    }

    private void ask(String method, Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        MethodDescriptor<byte[], byte[]> descriptor =
                MethodDescriptor.newBuilder(BYTES, BYTES)
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("etcdserverpb." + method)
                        .build();
        ClientCalls.blockingUnaryCall(
                channel, descriptor, CallOptions.DEFAULT, bytes.toByteArray());
    }

    private static final MethodDescriptor.Marshaller<byte[]> BYTES =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(byte[] value) {
                    return new ByteArrayInputStream(value);
                }

                @Override
                public byte[] parse(InputStream stream) {
                    try {
                        return stream.readAllBytes();
                    } catch (IOException inMemory) {
                        throw new UncheckedIOException(inMemory);
                    }
                }
            };

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
