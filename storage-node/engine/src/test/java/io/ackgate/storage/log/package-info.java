@NullMarked
package io.ackgate.storage.log;

import org.jspecify.annotations.NullMarked;
