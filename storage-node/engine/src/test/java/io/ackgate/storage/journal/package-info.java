@NullMarked
package io.ackgate.storage.journal;

import org.jspecify.annotations.NullMarked;
