package io.ackgate.storage.api;

import java.util.List;

/**
 * Streams to the storage nodes, kept open for as long as the transport is.
 *
 * <p>A stream delivers what is sent on it in order and once, or ends. Its number is never used
 * again by this gateway session, so that nothing of an earlier stream can be taken for an answer on
 * a later one.
 */
public interface StorageTransport extends AutoCloseable {
    /** Hears what happens on the streams. Called from any thread; calls must return at once. */
    interface Listener {
        /** A stream to a node is up; its predecessor, if any, was reported closed before. */
        void opened(NodeId node, long stream);

        /**
         * The stream is gone: nothing will arrive on it any more.
         *
         * @param why for the log: what ended it
         */
        void closed(NodeId node, long stream, String why);

        /**
         * Answers that arrived together, in their order. Between {@link #opened} and {@link
         * #closed} of that stream, and for one node never from two threads at once.
         *
         * @param answers the listener's from now on: neither the list nor the buffers in it change
         */
        void answered(NodeId node, long stream, List<StorageAnswer> answers);
    }

    /**
     * Opens one stream per node and keeps it open, with backoff between attempts. Streams of one
     * node are numbered, ever growing. Called once.
     */
    void start(Listener listener);

    /**
     * Sends a request on a stream. Any thread; the order is kept per calling thread. Dropped when
     * that stream is not the open one. May wait for {@link #flush} before it goes out.
     */
    void send(NodeId node, long stream, StorageRequest request);

    /**
     * Whether what is sent to a node goes out soon. While it does not, whoever has something to
     * send that can wait keeps it: what is sent all the same waits here, and never ends the stream.
     * Any thread.
     */
    boolean hasRoom(NodeId node);

    /**
     * Hands what the calling thread has sent since its last flush to the wire: the end of a loop
     * turn, one write per node.
     */
    void flush();

    /** Ends all streams. No listener is called after it returns. */
    @Override
    void close();
}
