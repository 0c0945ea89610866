/** Offsets that consumer groups have committed, durable in the metadata store. */
@NullMarked
package io.ackgate.gateway.offsets;

import org.jspecify.annotations.NullMarked;
