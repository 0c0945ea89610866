package io.ackgate.gateway.processes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A caller that writes one record to a gateway which is away, as soon as it is back. */
final class RetriedWrite {
    private static final int PATIENCE_SECONDS = 60;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private RetriedWrite() {}

    /**
     * Writes a numbered record, again and again until it is acknowledged. It fails when an answer
     * leaves open whether the record was written.
     *
     * @return when it was acknowledged, as {@link System#nanoTime}
     */
    static long write(int port, Place place, long number) {
        long start = System.nanoTime();
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        try {
            while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
                channel.resetConnectBackoff();
                String end = SentCall.write(channel, place, number, PATIENCE_SECONDS);
                if (end.equals(SentCall.OK)) {
                    return System.nanoTime();
                }
                assertTrue(end.endsWith("NOT_WRITTEN") || end.equals(SentCall.NOT_SENT), end);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            throw new AssertionError("nothing was acknowledged in time");
        } finally {
            channel.shutdownNow();
        }
    }
}
