package io.ackgate.gateway.producer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ackgate.gateway.metadata.codec.UnreadableMetadataException;
import io.ackgate.metadata.v1.ProducerIdBlock;

/** Up to where producer ids were given away, as bytes. */
final class ProducerIdBlockCodec {
    private ProducerIdBlockCodec() {}

    static byte[] encode(long nextProducerId) {
        return ProducerIdBlock.newBuilder().setNextProducerId(nextProducerId).build().toByteArray();
    }

    /** The first id that was not given. */
    static long decode(byte[] bytes) {
        try {
            return ProducerIdBlock.parseFrom(bytes).getNextProducerId();
        } catch (InvalidProtocolBufferException unreadable) {
            throw new UnreadableMetadataException("the producer ids given away", unreadable);
        }
    }
}
