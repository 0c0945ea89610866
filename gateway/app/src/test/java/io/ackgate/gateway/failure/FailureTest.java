package io.ackgate.gateway.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.GrpcCode;
import io.ackgate.gateway.error.WriteStatus;
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
            GrpcCode told = failure(code, writeStatus).grpcCode();
            assertNotEquals(GrpcCode.UNAVAILABLE, told, code + " " + writeStatus);
            assertEquals(
                    code.grpc() == GrpcCode.UNAVAILABLE ? GrpcCode.ABORTED : code.grpc(), told);
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void what_was_not_written_or_writes_nothing_has_the_status_of_its_code(ErrorCode code) {
        assertEquals(code.grpc(), failure(code, WriteStatus.NOT_WRITTEN).grpcCode());
        assertEquals(code.grpc(), failure(code, null).grpcCode());
    }

    @ParameterizedTest
    @EnumSource(GrpcCode.class)
    void grpc_has_the_status_by_that_number(GrpcCode code) {
        assertEquals(code.name(), Status.fromCodeValue(code.number()).getCode().name());
    }
}
