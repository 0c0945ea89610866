package io.ackgate.client;

import org.jspecify.annotations.Nullable;

/**
 * A named piece of metadata of a record. The array is not copied and must not be written to.
 *
 * @param key may be empty and may occur more than once in a record
 * @param value null is distinct from empty
 */
public record RecordHeader(String key, byte @Nullable [] value) {}
