package io.ackgate.gateway.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks the whole table of errors. */
class ErrorCodeTest {
    /** The HTTP statuses that go with a gRPC status; the first one is the usual one. */
    private static final Map<GrpcCode, Set<Integer>> HTTP =
            Map.of(
                    GrpcCode.INVALID_ARGUMENT, Set.of(400, 413),
                    GrpcCode.DEADLINE_EXCEEDED, Set.of(504),
                    GrpcCode.NOT_FOUND, Set.of(404),
                    GrpcCode.ALREADY_EXISTS, Set.of(409),
                    GrpcCode.RESOURCE_EXHAUSTED, Set.of(429),
                    GrpcCode.FAILED_PRECONDITION, Set.of(409, 422),
                    GrpcCode.ABORTED, Set.of(503),
                    GrpcCode.OUT_OF_RANGE, Set.of(416),
                    GrpcCode.INTERNAL, Set.of(500),
                    GrpcCode.UNAVAILABLE, Set.of(503));

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void a_name_has_kafkas_number(ErrorCode code) {
        assertEquals(Errors.valueOf(code.name()).code(), code.number());
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void grpc_and_http_say_the_same(ErrorCode code) {
        assertTrue(
                HTTP.getOrDefault(code.grpc(), Set.of()).contains(code.http()),
                code + " is " + code.grpc() + " and " + code.http());
    }

    /** What proxies repeat on their own must be worth it, and what a caller has to mend is not. */
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void what_is_worth_a_retry_has_a_status_that_says_so(ErrorCode code) {
        boolean passes =
                switch (code.grpc()) {
                    case UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> true;
                    case INVALID_ARGUMENT,
                            NOT_FOUND,
                            ALREADY_EXISTS,
                            FAILED_PRECONDITION,
                            OUT_OF_RANGE,
                            INTERNAL ->
                            false;
                };
        assertEquals(passes, code.retriable());
        assertTrue(code.retryDelayMillis() >= 0 && code.retryDelayMillis() <= 1_000);
        if (!code.retriable()) {
            assertEquals(0, code.retryDelayMillis());
        }
    }

    /** Only where the batch had been taken can it be in the log, whatever the error says then. */
    @Test
    void few_errors_leave_it_open_whether_a_write_was_done() {
        EnumSet<ErrorCode> open = EnumSet.noneOf(ErrorCode.class);
        EnumSet<ErrorCode> always = EnumSet.noneOf(ErrorCode.class);
        for (ErrorCode code : ErrorCode.values()) {
            if (code.allows(WriteStatus.MAY_HAVE_BEEN_WRITTEN)) {
                open.add(code);
                if (!code.allows(WriteStatus.NOT_WRITTEN)) {
                    always.add(code);
                }
            }
        }
        assertEquals(
                EnumSet.of(
                        ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                        ErrorCode.NOT_LEADER_OR_FOLLOWER,
                        ErrorCode.REQUEST_TIMED_OUT,
                        ErrorCode.UNKNOWN_PRODUCER_ID,
                        ErrorCode.UNKNOWN_SERVER_ERROR),
                open);
        assertEquals(EnumSet.of(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND), always);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void a_hint_is_a_sentence(ErrorCode code) {
        if (!code.hint().isEmpty()) {
            assertTrue(Character.isUpperCase(code.hint().charAt(0)), code.hint());
            assertFalse(code.hint().endsWith(" "), code.hint());
        }
    }

    @Test
    void every_status_of_grpc_that_is_listed_is_used() {
        EnumSet<GrpcCode> used = EnumSet.noneOf(GrpcCode.class);
        Arrays.stream(ErrorCode.values()).map(ErrorCode::grpc).forEach(used::add);
        assertEquals(EnumSet.allOf(GrpcCode.class), used);
    }
}
