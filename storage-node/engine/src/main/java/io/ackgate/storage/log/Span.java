package io.ackgate.storage.log;

/**
 * A segment as a task sees it that runs beside the engine's thread.
 *
 * @param unsynced whether it has to be synced to be durable
 */
record Span(long baseOffset, String path, int bytes, boolean unsynced) {
    static Span of(Segment segment) {
        return new Span(segment.baseOffset(), segment.path(), segment.bytes(), segment.unsynced());
    }
}
