/** What those who use a disk rely on, of the real one and of the simulated one. */
@NullMarked
package io.ackgate.storage.disk;

import org.jspecify.annotations.NullMarked;
