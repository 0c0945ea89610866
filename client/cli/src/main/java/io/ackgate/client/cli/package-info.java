/**
 * The {@code ackgate} command: what people and scripts type. Each subcommand is a class of this
 * package.
 *
 * <p>Contract: results go to standard output, as a table for people or with {@code -o json} for
 * scripts; errors go to standard error, in one line that begins with Kafka's name of the error. The
 * exit status is 0 when all was done, 1 when something was not, 2 when the command line is wrong.
 */
@NullMarked
package io.ackgate.client.cli;

import org.jspecify.annotations.NullMarked;
