/** Measurements, started by hand; nothing here is a test. */
@NullMarked
package io.ackgate.storage.node.bench;

import org.jspecify.annotations.NullMarked;
