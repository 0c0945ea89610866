@NullMarked
package io.ackgate.storage.recovery;

import org.jspecify.annotations.NullMarked;
