package io.ackgate.storage.engine;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.log.IndexLoad;
import io.ackgate.storage.log.PartitionLog;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Loads what a request needs to find its place in the log, beside the engine's thread; the request
 * is handled after that, and what came for the replica behind it waits.
 */
final class IndexWork implements BackgroundWork.Work {
    private final EngineContext context;
    private final Replica replica;
    private final StreamSession session;
    private final StorageRequest request;
    private final IndexLoad load;
    private final int change;

    private IndexWork(
            EngineContext context,
            Replica replica,
            StreamSession session,
            StorageRequest request,
            IndexLoad load) {
        this.context = context;
        this.replica = replica;
        this.session = session;
        this.request = request;
        this.load = load;
        this.change = replica.beginChange();
    }

    /** Whether the request has to wait for an index; it is handled again when that is there. */
    static boolean precedes(
            EngineContext context, Replica replica, StreamSession session, StorageRequest request) {
        PartitionLog log = replica.usableLog();
        boolean mayAsk = log != null && mayAsk(replica, session, request);
        long offset = log == null || !mayAsk ? -1 : soughtBelow(log, request);
        IndexLoad load = log == null || offset < 0 ? null : IndexLoad.before(log, offset);
        if (load == null) {
            return false;
        }
        context.addUrgentWork(new IndexWork(context, replica, session, request, load));
        return true;
    }

    /**
     * Whether the request would be looked at further: what is to be refused must not have the
     * requests of the replica's owner wait.
     */
    private static boolean mayAsk(Replica replica, StreamSession session, StorageRequest request) {
        int epoch = request.epoch();
        if (request instanceof StorageRequest.Append) {
            return replica.objection(session, epoch) == null && replica.reconciled(session, epoch);
        }
        return request instanceof StorageRequest.Reconcile reconcile
                && replica.objection(session, epoch) == null
                && reconcile.incarnation().equals(replica.incarnation());
    }

    /** An offset below the log end that the request has to be found at; -1 if there is none. */
    private static long soughtBelow(PartitionLog log, StorageRequest request) {
        long offset = -1;
        if (request instanceof StorageRequest.Reconcile reconcile) {
            // The segment that keeps something.
            offset = reconcile.truncateTo() < log.logEnd() ? reconcile.truncateTo() - 1 : -1;
        } else if (request instanceof StorageRequest.Append append
                && append.frame().remaining() >= BatchFrame.HEAD_BYTES) {
            offset = BatchFrame.baseOffset(append.frame(), append.frame().position());
        }
        return offset >= log.logStart() && offset < log.logEnd() ? offset : -1;
    }

    @Override
    public void run() throws IOException {
        load.run();
    }

    @Override
    public void done(@Nullable IOException failure, long nowMillis, Answers out) {
        if (!replica.changing(change)) {
            return;
        }
        if (failure == null) {
            context.again(new EngineInput.Request(session, request, () -> {}));
        }
        replica.endChange();
        if (failure != null) {
            int epoch = request.epoch();
            String what = "loading an index";
            Unreadable.answer(context, replica, session, epoch, what, failure, out);
        }
    }
}
