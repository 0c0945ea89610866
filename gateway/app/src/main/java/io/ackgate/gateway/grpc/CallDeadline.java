package io.ackgate.gateway.grpc;

import io.grpc.Context;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Until when a caller of gRPC waits by its own word, the header {@code grpc-timeout}. Its client
 * ends the call then, and says nothing of what became of it; so what can be told is told before.
 *
 * @param atNanos of {@link System#nanoTime}: by then the answer is to be on its way
 */
record CallDeadline(long atNanos) {
    /** The deadline of the call that is being served; absent where it has none. */
    static final Context.Key<CallDeadline> KEY = Context.key("ackgate-call-deadline");

    private static final int MAX_DIGITS = 8;

    /** What an answer may take on its way: a twentieth of the time, and not too much of it. */
    private static final int SHARE_OF_THE_WAY = 20;

    private static final long MIN_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MAX_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** That of the call that is being served; null if it has none. */
    static @Nullable CallDeadline current() {
        return KEY.get();
    }

    /**
     * What a header says.
     *
     * @param header up to eight digits and a unit: H, M, S, m, u or n
     * @return null if it says something else, which is the transport's to refuse
     */
    static @Nullable CallDeadline of(String header, long nowNanos) {
        int digits = header.length() - 1;
        if (digits < 1 || digits > MAX_DIGITS) {
            return null;
        }
        TimeUnit unit =
                switch (header.charAt(digits)) {
                    case 'H' -> TimeUnit.HOURS;
                    case 'M' -> TimeUnit.MINUTES;
                    case 'S' -> TimeUnit.SECONDS;
                    case 'm' -> TimeUnit.MILLISECONDS;
                    case 'u' -> TimeUnit.MICROSECONDS;
                    case 'n' -> TimeUnit.NANOSECONDS;
                    default -> null;
                };
        if (unit == null) {
            return null;
        }
        long amount = 0;
        for (int i = 0; i < digits; i++) {
            int digit = header.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            amount = amount * 10 + digit;
        }
        // 99,999,999 hours are more nanoseconds than a long has.
        long nanos = Math.min(unit.toNanos(amount), Long.MAX_VALUE / 2);
        long way = Math.clamp(nanos / SHARE_OF_THE_WAY, MIN_WAY_NANOS, MAX_WAY_NANOS);
        return new CallDeadline(nowNanos + nanos - way);
    }

    /** What is left of the time, milliseconds; 1 at the least. */
    int leftMillis(long nowNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(atNanos - nowNanos);
        return Math.clamp(millis, 1, Integer.MAX_VALUE);
    }

    /** How long the caller of this call waits yet, milliseconds; null if it does not say. */
    static @Nullable Integer leftMillis(@Nullable CallDeadline deadline) {
        return deadline == null ? null : deadline.leftMillis(System.nanoTime());
    }
}
