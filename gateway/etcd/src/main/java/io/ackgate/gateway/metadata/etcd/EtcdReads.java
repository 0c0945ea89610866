package io.ackgate.gateway.metadata.etcd;

import com.google.protobuf.ByteString;
import io.ackgate.gateway.metadata.MetadataStore.Entry;
import io.ackgate.gateway.metadata.etcd.api.KVGrpc;
import io.ackgate.gateway.metadata.etcd.api.RangeRequest;
import io.ackgate.gateway.metadata.etcd.api.RangeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads of the keys, linearizable. Any thread. */
final class EtcdReads {
    /**
     * What a prefix held.
     *
     * @param revision of the store that all of it is of
     */
    record Listing(List<Entry> entries, long revision) {}

    /** Keys of one answer, which has room for 64 MiB; those of partitions have less than 1 KiB. */
    private static final int PAGE = 1_000;

    private final EtcdCalls calls;
    private final Keys keys;
    private final int page;

    EtcdReads(EtcdCalls calls, Keys keys) {
        this(calls, keys, PAGE);
    }

    /**
     * Reads with another size of the pages.
     *
     * @param page keys of one answer
     */
    EtcdReads(EtcdCalls calls, Keys keys, int page) {
        this.calls = calls;
        this.keys = keys;
        this.page = page;
    }

    CompletionStage<Entry> get(String key) {
        RangeRequest one = RangeRequest.newBuilder().setKey(keys.of(key)).build();
        return calls.ask(KVGrpc.getRangeMethod(), one).thenApply(answer -> firstOf(key, answer));
    }

    Entry firstOf(String key, RangeResponse answer) {
        return answer.getKvsCount() == 0 ? Keys.absent(key) : keys.entry(answer.getKvs(0));
    }

    CompletionStage<Listing> list(String prefix) {
        ByteString begin = keys.of(prefix);
        RangeRequest first =
                RangeRequest.newBuilder()
                        .setKey(begin)
                        .setRangeEnd(Keys.endOf(begin))
                        .setLimit(page)
                        .build();
        return list(first, new ArrayList<>());
    }

    /** All pages are of the revision that the first one had. */
    private CompletionStage<Listing> list(RangeRequest request, List<Entry> before) {
        return calls.ask(KVGrpc.getRangeMethod(), request)
                .thenCompose(
                        answer -> {
                            answer.getKvsList().forEach(found -> before.add(keys.entry(found)));
                            long revision =
                                    request.getRevision() == 0
                                            ? answer.getHeader().getRevision()
                                            : request.getRevision();
                            if (!answer.getMore()) {
                                return CompletableFuture.completedStage(
                                        new Listing(before, revision));
                            }
                            ByteString last = answer.getKvs(answer.getKvsCount() - 1).getKey();
                            return list(
                                    request.toBuilder()
                                            .setKey(Keys.after(last))
                                            .setRevision(revision)
                                            .build(),
                                    before);
                        });
    }
}
