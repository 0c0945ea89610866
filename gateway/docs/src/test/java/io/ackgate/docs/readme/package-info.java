/**
 * Runs what the README shows, as it is written there, and holds what it prints to what is shown.
 */
@NullMarked
package io.ackgate.docs.readme;

import org.jspecify.annotations.NullMarked;
