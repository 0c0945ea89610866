package io.ackgate.replication.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Messages that are read into one array of their size, and whose bytes fields are parts of it.
 * gRPC's own marshaller copies every one of them once more (ADR 0006 has what that costs).
 *
 * <p>A part keeps the whole message alive, which is fair where parts go the same way together.
 */
public final class SharedBytes {
    private SharedBytes() {}

    /**
     * Reads a message, in one step when its length is known, as it is for one that was not
     * compressed.
     *
     * @param maxBytes how much is read at most of a message whose length is not known
     */
    public static byte[] readAll(InputStream stream, int maxBytes) throws IOException {
        if (!(stream instanceof KnownLength)) {
            return stream.readNBytes(maxBytes);
        }
        byte[] bytes = new byte[stream.available()];
        int read = stream.readNBytes(bytes, 0, bytes.length);
        return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
    }

    /** Parses a message whose bytes fields are parts of {@code bytes}, which must not change. */
    @SuppressWarnings("unchecked") // the parser of an M makes an M
    public static <M extends Message> M parse(M example, byte[] bytes)
            throws InvalidProtocolBufferException {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        input.enableAliasing(true);
        M message = (M) example.getParserForType().parseFrom(input);
        input.checkLastTagWas(0);
        return message;
    }
}
