/**
 * How the log is written, of both processes: as text, or as one JSON object a line. Quarkus makes
 * the handlers; what is here finds those of the console and has them write differently.
 */
@NullMarked
package io.ackgate.process.log;

import org.jspecify.annotations.NullMarked;
