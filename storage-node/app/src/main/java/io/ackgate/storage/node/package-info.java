/** The storage node process around the engine. */
@NullMarked
package io.ackgate.storage.node;

import org.jspecify.annotations.NullMarked;
