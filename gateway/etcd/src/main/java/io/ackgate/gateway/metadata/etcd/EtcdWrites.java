package io.ackgate.gateway.metadata.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.ackgate.gateway.metadata.MetadataFullException;
import io.ackgate.gateway.metadata.MetadataRoom;
import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.etcd.api.Compare;
import io.ackgate.gateway.metadata.etcd.api.DeleteRangeRequest;
import io.ackgate.gateway.metadata.etcd.api.KVGrpc;
import io.ackgate.gateway.metadata.etcd.api.PutRequest;
import io.ackgate.gateway.metadata.etcd.api.RangeRequest;
import io.ackgate.gateway.metadata.etcd.api.RequestOp;
import io.ackgate.gateway.metadata.etcd.api.TxnRequest;
import io.ackgate.gateway.metadata.etcd.api.TxnResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Changes of one key each, which etcd makes only at the version that was expected. Any thread. */
final class EtcdWrites {
    private final EtcdCalls calls;
    private final Keys keys;
    private final EtcdReads reads;
    private final KnownKeys known;

    EtcdWrites(EtcdCalls calls, Keys keys, EtcdReads reads, KnownKeys known) {
        this.calls = calls;
        this.keys = keys;
        this.reads = reads;
        this.known = known;
    }

    CompletionStage<Outcome> compareAndSet(String key, long expectedVersion, byte[] value) {
        MetadataRoom.requireStorable(key, value);
        try {
            known.requireRoom(key, expectedVersion, value.length);
        } catch (MetadataFullException full) {
            return CompletableFuture.failedStage(full);
        }
        PutRequest put =
                PutRequest.newBuilder()
                        .setKey(keys.of(key))
                        .setValue(UnsafeByteOperations.unsafeWrap(value.clone()))
                        .build();
        return change(key, expectedVersion, RequestOp.newBuilder().setRequestPut(put).build())
                .thenApply(
                        outcome -> {
                            if (outcome instanceof Outcome.Applied applied) {
                                known.stored(key, applied.version(), value.length);
                            }
                            return outcome;
                        });
    }

    CompletionStage<Outcome> delete(String key, long expectedVersion) {
        DeleteRangeRequest delete = DeleteRangeRequest.newBuilder().setKey(keys.of(key)).build();
        return change(
                        key,
                        expectedVersion,
                        RequestOp.newBuilder().setRequestDeleteRange(delete).build())
                .thenApply(
                        outcome -> {
                            if (!(outcome instanceof Outcome.Applied applied)) {
                                return outcome;
                            }
                            if (expectedVersion == MetadataStore.ABSENT) {
                                return new Outcome.Applied(MetadataStore.ABSENT);
                            }
                            known.deleted(key, applied.version());
                            return outcome;
                        });
    }

    private CompletionStage<Outcome> change(String key, long expectedVersion, RequestOp change) {
        ByteString name = keys.of(key);
        RangeRequest current = RangeRequest.newBuilder().setKey(name).build();
        TxnRequest request =
                TxnRequest.newBuilder()
                        .addCompare(
                                // A key that does not exist has the revision 0.
                                Compare.newBuilder()
                                        .setResult(Compare.CompareResult.EQUAL)
                                        .setTarget(Compare.CompareTarget.MOD)
                                        .setKey(name)
                                        .setModRevision(expectedVersion))
                        .addSuccess(change)
                        .addFailure(RequestOp.newBuilder().setRequestRange(current))
                        .build();
        return calls.ask(KVGrpc.getTxnMethod(), request).thenApply(answer -> outcome(key, answer));
    }

    private Outcome outcome(String key, TxnResponse answer) {
        return answer.getSucceeded()
                ? new Outcome.Applied(answer.getHeader().getRevision())
                : new Outcome.Refused(
                        reads.firstOf(key, answer.getResponses(0).getResponseRange()));
    }
}
