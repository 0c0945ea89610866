/** The settings of the process, {@code ackgate.*}: read, checked at start, handed out as values. */
@NullMarked
package io.ackgate.gateway.config;

import org.jspecify.annotations.NullMarked;
