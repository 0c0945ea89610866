/**
 * What the gateway and the storage node do alike as processes: which settings there are, and where
 * they listen and are reached. Sees no framework: names and values come in as text.
 */
@NullMarked
package io.ackgate.process;

import org.jspecify.annotations.NullMarked;
