package io.ackgate.gateway.host;

/**
 * How long a host waits before it goes on; nanoseconds, each 1 or more.
 *
 * @param retryLeastNanos pause after a takeover that failed and may succeed at once; doubles with
 *     each failure in a row
 * @param retryMostNanos the longest such pause
 * @param casTimeoutNanos after which the outcome of a compare-and-set is unknown
 */
public record HostSettings(long retryLeastNanos, long retryMostNanos, long casTimeoutNanos) {}
