package io.ackgate.replication.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads a message into one array of its size and lets its bytes fields be parts of it. gRPC's own
 * marshaller copies every one of them once more (ADR 0006 has what that costs).
 *
 * <p>A part keeps the whole message alive, which is fair where parts go the same way together.
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

    /** In one step when the length is known, as it is for a message that was not compressed. */
    private static byte[] readAll(InputStream stream) throws IOException {
        if (!(stream instanceof KnownLength)) {
            return stream.readAllBytes();
        }
        byte[] bytes = new byte[stream.available()];
        int read = stream.readNBytes(bytes, 0, bytes.length);
        return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
    }

    @Override
    public M parse(InputStream stream) {
        try {
            byte[] bytes = readAll(stream);
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            input.enableAliasing(true);
            @SuppressWarnings("unchecked") // the parser of an M makes an M
            M message = (M) example.getParserForType().parseFrom(input);
            input.checkLastTagWas(0);
            return message;
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
