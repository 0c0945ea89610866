package io.ackgate.gateway.rest;

import io.ackgate.gateway.failure.RequestChecks;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.MediaType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The body of a request whose JSON is kept as it was written. */
final class JsonBody {
    private JsonBody() {}

    /**
     * The body as text.
     *
     * @throws NotSupportedException 415, if its charset is declared to be another than UTF-8
     */
    static String text(byte @Nullable [] body, @Nullable MediaType type) {
        String charset =
                type == null ? null : type.getParameters().get(MediaType.CHARSET_PARAMETER);
        if (charset != null && !charset.equalsIgnoreCase("UTF-8")) {
            throw new NotSupportedException(
                    "the body was declared as %s: JSON is taken in UTF-8".formatted(charset));
        }
        byte[] given = TopicsResource.required(body == null || body.length == 0 ? null : body);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(given)).toString();
        } catch (CharacterCodingException notUtf8) {
            throw RequestChecks.invalid(
                    "", "the body is not UTF-8: bytes are given as base64, see keyBase64");
        }
    }
}
