@NullMarked
package io.ackgate.storage.engine;

import org.jspecify.annotations.NullMarked;
