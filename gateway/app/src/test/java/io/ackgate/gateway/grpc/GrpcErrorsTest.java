package io.ackgate.gateway.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.failure.Failure;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Clients refuse large trailers, and lose with them all that they say. */
class GrpcErrorsTest {
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private static StatusRuntimeException status(String detail) {
        return GrpcErrors.status(Failure.notWritten(ErrorCode.INVALID_CONFIG, "a.field", detail));
    }

    private static String description(StatusRuntimeException status) {
        return Objects.requireNonNull(status.getStatus().getDescription());
    }

    /** In the trailers, as characters: base64 for the details, three for other than ASCII. */
    private static int size(StatusRuntimeException status) {
        byte[] details =
                Objects.requireNonNull(Objects.requireNonNull(status.getTrailers()).get(DETAILS));
        int text =
                description(status)
                        .codePoints()
                        .map(c -> c < 0x80 ? 1 : 3 * Character.toString(c).getBytes(UTF_8).length)
                        .sum();
        return details.length * 4 / 3 + text;
    }

    @Test
    void what_was_given_is_repeated_as_far_as_trailers_take_it() {
        for (String letter : new String[] {"x", "\u00e4", "\u20ac", "\ud83d\ude00"}) {
            StatusRuntimeException status = status("given as " + letter.repeat(20_000));
            assertTrue(size(status) < 4_096, () -> letter + " " + size(status));
            assertTrue(description(status).endsWith(letter + "..."));
        }
        StatusRuntimeException status = status("given as 7");
        assertTrue(description(status).contains("given as 7"));
        assertEquals(-1, description(status).indexOf("..."));
    }
}
