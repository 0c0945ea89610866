/**
 * The port through which the engine touches files: {@link io.ackgate.storage.disk.Disk} has a real
 * side, on {@code java.nio.channels.FileChannel}, and a simulated one that loses what was not
 * synced.
 */
@NullMarked
package io.ackgate.storage.disk;

import org.jspecify.annotations.NullMarked;
