package io.ackgate.replication.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads messages of the replication stream as {@link SharedBytes} says; what is no message ends the
 * call.
 */
final class SharingMarshaller<M extends Message> implements MethodDescriptor.Marshaller<M> {
    private final M example;
    private final MethodDescriptor.Marshaller<M> stock;

    SharingMarshaller(M example) {
        this.example = example;
        this.stock = ProtoUtils.marshaller(example);
    }

    @Override
    public InputStream stream(M message) {
        return stock.stream(message);
    }

    @Override
    public M parse(InputStream stream) {
        try {
            return SharedBytes.parse(example, SharedBytes.readAll(stream, Integer.MAX_VALUE));
        } catch (InvalidProtocolBufferException e) {
            throw Status.INVALID_ARGUMENT
                    .withDescription("not a message: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("cannot read a message that has arrived")
                    .withCause(e)
                    .asRuntimeException();
        }
    }
}
