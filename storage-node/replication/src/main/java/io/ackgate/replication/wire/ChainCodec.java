package io.ackgate.replication.wire;

import io.ackgate.storage.api.EpochChain;
import io.ackgate.storage.v1.EpochStart;
import java.util.ArrayList;
import java.util.List;

/** {@link EpochChain} to its links and back. */
final class ChainCodec {
    private ChainCodec() {}

    static List<EpochStart> encode(EpochChain chain) {
        List<EpochStart> links = new ArrayList<>();
        for (EpochChain.Link link : chain.links()) {
            links.add(
                    EpochStart.newBuilder()
                            .setEpoch(link.epoch())
                            .setStartOffset(link.startOffset())
                            .build());
        }
        return links;
    }

    static EpochChain decode(List<EpochStart> links) throws MalformedMessageException {
        EpochChain chain = EpochChain.EMPTY;
        long lastStart = -1;
        for (EpochStart link : links) {
            if (link.getEpoch() <= chain.lastEpoch() || link.getStartOffset() <= lastStart) {
                throw new MalformedMessageException(
                        "chain has epoch %d from offset %d after %s"
                                .formatted(link.getEpoch(), link.getStartOffset(), chain));
            }
            chain = chain.append(link.getEpoch(), link.getStartOffset());
            lastStart = link.getStartOffset();
        }
        return chain;
    }
}
