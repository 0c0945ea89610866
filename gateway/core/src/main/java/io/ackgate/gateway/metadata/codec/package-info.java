/**
 * Metadata values as the protobuf messages of {@code ackgate/metadata/v1/metadata.proto}, in which
 * the store holds them.
 *
 * <p>Bytes that cannot be read are a {@link
 * io.ackgate.gateway.metadata.codec.UnreadableMetadataException}: the store checks its own
 * checksums, so such bytes were written by something that is not this program, or by one that is
 * much younger.
 */
@NullMarked
package io.ackgate.gateway.metadata.codec;

import org.jspecify.annotations.NullMarked;
