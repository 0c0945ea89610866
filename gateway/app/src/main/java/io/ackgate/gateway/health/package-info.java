/** Whether this gateway may take traffic, and for which partitions. */
@NullMarked
package io.ackgate.gateway.health;

import org.jspecify.annotations.NullMarked;
