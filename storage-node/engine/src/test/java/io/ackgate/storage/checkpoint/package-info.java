@NullMarked
package io.ackgate.storage.checkpoint;

import org.jspecify.annotations.NullMarked;
