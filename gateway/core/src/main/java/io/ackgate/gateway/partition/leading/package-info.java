/** The owner that serves: batches are deduplicated, checked and given their offsets here. */
@NullMarked
package io.ackgate.gateway.partition.leading;

import org.jspecify.annotations.NullMarked;
