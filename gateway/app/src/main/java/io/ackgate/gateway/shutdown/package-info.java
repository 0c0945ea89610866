/**
 * How the process ends when it is told to (SIGTERM, SIGINT). {@link
 * io.ackgate.gateway.shutdown.GracefulShutdown} goes through these states of {@link
 * io.ackgate.gateway.shutdown.Draining}, and the port is open in all of them:
 *
 * <pre>
 *   serving --> leaving:   not ready; everything is served, for ackgate.shutdown.delay
 *           --> closing:   GOAWAY; new calls are refused, streams and long polls end,
 *                          what was taken is answered
 *           --> stopped:   what is left is answered with its write status, partitions are let go
 * </pre>
 *
 * <p>Quarkus closes the port and the connections afterwards.
 */
@NullMarked
package io.ackgate.gateway.shutdown;

import org.jspecify.annotations.NullMarked;
