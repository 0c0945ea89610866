package io.ackgate.storage.local;

/** How a node in this process is. */
public sealed interface LocalNodeState {
    /** Its engine runs, on this stream. */
    record Running(long stream) implements LocalNodeState {}

    /** It was stopped, or has not been started yet. */
    record Stopped() implements LocalNodeState {}

    /** It should run and could not; tried again by itself. */
    record Failed(String why) implements LocalNodeState {}
}
