@NullMarked
package io.ackgate.storage.runtime;

import org.jspecify.annotations.NullMarked;
