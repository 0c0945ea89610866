/**
 * The public services as Mutiny interfaces. They are generated from the contracts in {@code
 * proto/src/main/protobuf/ackgate/v1}, and so are the classes that bind them.
 */
@NullMarked
package io.ackgate.v1;

import org.jspecify.annotations.NullMarked;
