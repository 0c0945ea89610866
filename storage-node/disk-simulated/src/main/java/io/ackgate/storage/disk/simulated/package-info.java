/**
 * The simulated side of {@link io.ackgate.storage.disk.Disk}: page cache and platter, torn and lost
 * writes, decay, lack of space and descriptors, failing fsync and reads.
 */
@NullMarked
package io.ackgate.storage.disk.simulated;

import org.jspecify.annotations.NullMarked;
