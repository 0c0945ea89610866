package io.ackgate.gateway.grpc.binding;

import com.google.protobuf.Message;
import io.ackgate.replication.wire.SharedBytes;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests as {@link SharedBytes} says, and decompresses those that are compressed. What is
 * no such message becomes a stand-in, whose {@link Defect} is known, instead of an exception, which
 * Vert.x would lose together with the request: the caller would wait for ever.
 */
final class RequestMarshaller<M extends Message> implements MethodDescriptor.Marshaller<M> {
    /** Greatest message, bytes: quarkus.grpc.server.max-inbound-message-size. */
    static final int MAX_BYTES = 20 << 20;

    /**
     * Most messages within a message: records and headers, of which one takes two bytes at the
     * least where it comes from, and a hundred here.
     */
    static final int MAX_PARTS = 100_000;

    private static final int LEAST_PART_BYTES = 2;

    /** What begins gzip. No protobuf message begins so: 0x1f has a wire type that there is not. */
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    /** Why a request cannot be read. */
    enum Defect {
        /** Its bytes are not the message that the method takes. */
        MALFORMED,
        /** It has more bytes, decompressed, than a message may have that is not compressed. */
        TOO_LARGE,
        /** It has more parts than are taken. */
        TOO_MANY_PARTS
    }

    private final MethodDescriptor.Marshaller<M> stock;
    private final M example;
    private final Map<Defect, M> standIns = new EnumMap<>(Defect.class);

    @SuppressWarnings("unchecked") // a builder of an M builds an M
    RequestMarshaller(M example) {
        this.stock = ProtoUtils.marshaller(example);
        this.example = example;
        for (Defect defect : Defect.values()) {
            standIns.put(defect, (M) example.newBuilderForType().build());
        }
    }

    /** What is wrong with the bytes for which a message stands; null for one that was sent. */
    @SuppressWarnings("ReferenceEquality") // an empty message that was sent is equal and is fine
    @Nullable Defect defect(Object message) {
        for (Map.Entry<Defect, M> standIn : standIns.entrySet()) {
            if (message == standIn.getValue()) {
                return standIn.getKey();
            }
        }
        return null;
    }

    @Override
    public InputStream stream(M message) {
        return stock.stream(message);
    }

    @Override
    public M parse(InputStream stream) {
        try {
            byte[] bytes = SharedBytes.readAll(stream, MAX_BYTES + 1);
            if (isGzip(bytes)) {
                bytes = decompressed(bytes);
            }
            if (bytes.length > MAX_BYTES) {
                return standIn(Defect.TOO_LARGE);
            }
            if (bytes.length / LEAST_PART_BYTES > MAX_PARTS
                    && MessageParts.areMoreThan(MAX_PARTS, example.getDescriptorForType(), bytes)) {
                return standIn(Defect.TOO_MANY_PARTS);
            }
            return SharedBytes.parse(example, bytes);
        } catch (IOException malformed) {
            return standIn(Defect.MALFORMED);
        }
    }

    private M standIn(Defect defect) {
        return Objects.requireNonNull(standIns.get(defect));
    }

    private static boolean isGzip(byte[] bytes) {
        return bytes.length >= GZIP.length && bytes[0] == GZIP[0] && bytes[1] == GZIP[1];
    }

    /** One byte more than allowed shows that there are more. */
    private static byte[] decompressed(byte[] bytes) throws IOException {
        try (InputStream inflated = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return inflated.readNBytes(MAX_BYTES + 1);
        }
    }
}
