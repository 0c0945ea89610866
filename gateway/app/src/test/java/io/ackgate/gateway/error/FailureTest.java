package io.ackgate.gateway.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ackgate.gateway.partition.WriteStatus;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What proxies and clients repeat on their own is only what was not written. */
class FailureTest {
    private static Failure failure(ErrorCode code, @Nullable WriteStatus writeStatus) {
        return new Failure(code, writeStatus, "detail", "");
    }

    @ParameterizedTest
    @EnumSource(value = WriteStatus.class, names = "MAY_HAVE_BEEN_WRITTEN")
    void what_may_be_in_the_log_is_never_called_unavailable(WriteStatus writeStatus) {
        for (ErrorCode code : ErrorCode.values()) {
            Status.Code told = failure(code, writeStatus).grpcCode();
            assertNotEquals(Status.Code.UNAVAILABLE, told, code + " " + writeStatus);
            assertEquals(
                    code.grpc() == Status.Code.UNAVAILABLE ? Status.Code.ABORTED : code.grpc(),
                    told);
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void what_was_not_written_or_writes_nothing_has_the_status_of_its_code(ErrorCode code) {
        assertEquals(code.grpc(), failure(code, WriteStatus.NOT_WRITTEN).grpcCode());
        assertEquals(code.grpc(), failure(code, null).grpcCode());
    }
}
