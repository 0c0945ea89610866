package io.ackgate.storage.engine;

import io.ackgate.storage.api.StorageAnswer;
import io.ackgate.storage.api.StreamSession;

/**
 * What an engine has its loop do. Work is run on any other thread, a sync and background work one
 * each at a time, and given back as the {@link EngineInput} that is named; it may stand still for
 * long, and must not keep the engine from being stepped meanwhile.
 */
public sealed interface EngineEffect {
    /** Leaves for the session; lost if that has ended. */
    record Answer(StreamSession session, StorageAnswer answer) implements EngineEffect {}

    /** A group commit; given back as {@link EngineInput.SyncDone}. */
    record StartSync(Sync sync) implements EngineEffect {}

    /** Work on files; given back as {@link EngineInput.BackgroundWorkDone}. */
    record StartBackgroundWork(BackgroundWork backgroundWork) implements EngineEffect {}

    /** A look into files that a request waits for; given back as {@link EngineInput.LookupDone}. */
    record StartLookup(Lookup lookup) implements EngineEffect {}

    /** A piece of a log to be scrubbed; given back as {@link EngineInput.LookupDone}. */
    record StartScrub(Lookup piece) implements EngineEffect {}
}
