/**
 * What the client's parts share of the wire: channels to gateways, and the errors that gateways
 * answer with. Internal: it may change with any version.
 */
@NullMarked
package io.ackgate.client.wire;

import org.jspecify.annotations.NullMarked;
