package io.ackgate.gateway.grpc.binding;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.ackgate.replication.wire.SharedBytes;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Reads requests as {@link SharedBytes} says. What is no such message becomes {@link #isMalformed a
 * stand-in} instead of an exception, which Vert.x would lose together with the request: the caller
 * would wait for ever. So does a compressed message that becomes {@link #isTooLarge larger} than
 * one may be that is not compressed; Vert.x has looked at its compressed size only.
 */
final class RequestMarshaller<M extends Message> implements MethodDescriptor.Marshaller<M> {
    /** Greatest message, bytes: quarkus.grpc.server.max-inbound-message-size. */
    static final int MAX_BYTES = 20 << 20;

    private final MethodDescriptor.Marshaller<M> stock;
    private final M example;
    private final M malformed;
    private final M tooLarge;

    @SuppressWarnings("unchecked") // a builder of an M builds an M
    RequestMarshaller(M example) {
        this.stock = ProtoUtils.marshaller(example);
        this.example = example;
        this.malformed = (M) example.newBuilderForType().build();
        this.tooLarge = (M) example.newBuilderForType().build();
    }

    /** Whether a message stands for bytes that were none. */
    @SuppressWarnings("ReferenceEquality") // an empty message that was sent is equal and is fine
    boolean isMalformed(Object message) {
        return message == malformed;
    }

    /** Whether a message stands for one that is too large when decompressed. */
    @SuppressWarnings("ReferenceEquality")
    boolean isTooLarge(Object message) {
        return message == tooLarge;
    }

    @Override
    public InputStream stream(M message) {
        return stock.stream(message);
    }

    @Override
    public M parse(InputStream stream) {
        try {
            // One byte more than allowed shows that there are more.
            byte[] bytes = SharedBytes.readAll(stream, MAX_BYTES + 1);
            return bytes.length > MAX_BYTES ? tooLarge : SharedBytes.parse(example, bytes);
        } catch (InvalidProtocolBufferException e) {
            return malformed;
        } catch (IOException e) {
            throw new UncheckedIOException("a message that has arrived cannot be read", e);
        }
    }
}
