/** Storage nodes as operators see them, wherever they run. */
@NullMarked
package io.ackgate.gateway.transport.node;

import org.jspecify.annotations.NullMarked;
