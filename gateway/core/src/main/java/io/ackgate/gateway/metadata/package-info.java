/**
 * What the metadata store holds, as values, and the port through which it is reached.
 *
 * <p>The store is the only agreement between gateways: linearizable compare-and-set on versioned
 * keys, and a watch. Everything else about a partition is derived from its state here and from the
 * storage nodes.
 */
@NullMarked
package io.ackgate.gateway.metadata;

import org.jspecify.annotations.NullMarked;
