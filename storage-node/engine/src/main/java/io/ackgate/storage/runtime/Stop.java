package io.ackgate.storage.runtime;

/** Whether an {@link EngineLoop} is to end, and how. */
enum Stop {
    NO,
    /** Sync everything, write the marker of a clean shutdown. */
    CLEAN,
    /** As a killed process would: what is not synced stays so. */
    KILL
}
