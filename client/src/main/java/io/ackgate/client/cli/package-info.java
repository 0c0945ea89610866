/**
 * The {@code ackgate} command: what people and scripts type. Each subcommand is a class of this
 * package.
 */
@NullMarked
package io.ackgate.client.cli;

import org.jspecify.annotations.NullMarked;
