package io.ackgate.gateway.metadata.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ackgate.gateway.metadata.NodeRegistration;
import io.ackgate.storage.api.NodeId;

/** The registration of a storage node as bytes. */
public final class NodeRegistrationCodec {
    private NodeRegistrationCodec() {}

    /** Bytes from which {@link #decode} makes an equal registration. */
    public static byte[] encode(NodeRegistration registration) {
        return io.ackgate.metadata.v1.NodeRegistration.newBuilder()
                .setNodeId(registration.node().value())
                .setCookie(registration.cookie())
                .setRegisteredMillis(registration.registeredMillis())
                .build()
                .toByteArray();
    }

    /**
     * Reads a registration.
     *
     * @throws UnreadableMetadataException if the bytes are none
     */
    public static NodeRegistration decode(byte[] bytes) {
        try {
            io.ackgate.metadata.v1.NodeRegistration message =
                    io.ackgate.metadata.v1.NodeRegistration.parseFrom(bytes);
            return new NodeRegistration(
                    new NodeId(message.getNodeId()),
                    message.getCookie(),
                    message.getRegisteredMillis());
        } catch (InvalidProtocolBufferException unreadable) {
            throw new UnreadableMetadataException("a node's registration", unreadable);
        }
    }
}
