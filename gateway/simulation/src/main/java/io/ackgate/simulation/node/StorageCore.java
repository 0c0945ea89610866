package io.ackgate.simulation.node;

import io.ackgate.simulation.check.ReplicaView;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StorageRequest;
import io.ackgate.storage.api.StreamSession;
import io.ackgate.storage.engine.NodeTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What runs on a storage node: the engine, and the keyhole through which the checks look into it.
 */
public interface StorageCore {
    /** Takes the answers of one step, in their order. */
    interface Answers {
        void answer(StreamSession to, StorageAnswer answer);
    }

    /** Work beside the node's thread: {@link #run} touches the disk, {@link #done} the core. */
    interface Work {
        void run();

        void done(long nowMillis, Answers answers);
    }

    void handle(StreamSession session, StorageRequest request, long nowMillis, Answers answers);

    /** Sends the answers that wait for no sync. */
    void flush(long nowMillis, Answers answers);

    void sessionClosed(StreamSession session);

    /** The next group commit; null when nothing waits for one, or one is under way. */
    @Nullable Work beginSync();

    /** Other work on files; null when there is none, or some is under way. */
    @Nullable Work beginUpkeep();

    /** A look into files; null when none waits, or as many are under way as may be. */
    @Nullable Work beginLookup();

    /** A piece of a log to be scrubbed; null when it is not time, or one is under way. */
    @Nullable Work beginScrub();

    void tick(NodeTime now, Answers answers);

    /** The time by the last checkpoint on the disk, milliseconds since 1970. */
    long knownMillis();

    /** What an operator should know of the start, in sentences. */
    List<String> notes();

    /** Whether only a new start on a sound disk helps. */
    boolean hasFailed();

    /** A shutdown in good order; no work is under way. */
    void close(long nowMillis, Answers answers) throws IOException;

    /** Null when the node has no such replica. */
    @Nullable ReplicaView view(PartitionId partition);

    /** All frames of a replica's log from an offset on. */
    ByteBuffer framesFrom(PartitionId partition, long offset);
}
