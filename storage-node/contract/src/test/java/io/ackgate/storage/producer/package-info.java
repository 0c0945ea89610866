@NullMarked
package io.ackgate.storage.producer;

import org.jspecify.annotations.NullMarked;
