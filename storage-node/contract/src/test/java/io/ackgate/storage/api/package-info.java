@NullMarked
package io.ackgate.storage.api;

import org.jspecify.annotations.NullMarked;
