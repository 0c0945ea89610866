package io.ackgate.gateway.metadata.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ackgate.metadata.v1.ClusterIdentity;

/** The identity of the cluster as bytes. */
public final class ClusterIdentityCodec {
    private ClusterIdentityCodec() {}

    /** Bytes from which {@link #decode} reads the id. */
    public static byte[] encode(String clusterId, long createdMillis) {
        return ClusterIdentity.newBuilder()
                .setClusterId(clusterId)
                .setCreatedMillis(createdMillis)
                .build()
                .toByteArray();
    }

    /**
     * Reads the cluster's id.
     *
     * @throws UnreadableMetadataException if the bytes are no identity
     */
    public static String decode(byte[] bytes) {
        try {
            return ClusterIdentity.parseFrom(bytes).getClusterId();
        } catch (InvalidProtocolBufferException unreadable) {
            throw new UnreadableMetadataException("the identity of the cluster", unreadable);
        }
    }
}
