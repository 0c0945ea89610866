package io.ackgate.storage.engine;

import io.ackgate.storage.journal.JournalSettings;

/**
 * Settings of a storage engine.
 *
 * @param journal sizes of the journal
 * @param checkpointJournalBytes size of the journal at which a checkpoint is begun, bytes; at twice
 *     as much appends wait for it: more a start after a crash never has to read
 * @param checkpointBatches batches in the journal at which a checkpoint is begun; at twice as many
 *     appends wait for it, since a start keeps 24 bytes of each in memory
 * @param checkpointIntervalMillis time after which a checkpoint is begun if anything was written
 * @param maxFrameBytes largest frame taken, bytes; at most {@link JournalSettings#maxFrameBytes}
 * @param highWatermarkIntervalMillis how often high watermarks are journaled that no append carried
 * @param retentionIntervalMillis how often each replica's retention and producers are looked at
 * @param indexIntervalBytes bytes of a segment between two entries of its indexes, at least
 * @param reserveBytes space that is kept for a start on a full disk, bytes; 0 keeps none
 * @param scrub how rot is looked for
 */
public record EngineSettings(
        JournalSettings journal,
        long checkpointJournalBytes,
        long checkpointBatches,
        long checkpointIntervalMillis,
        int maxFrameBytes,
        long highWatermarkIntervalMillis,
        long retentionIntervalMillis,
        int indexIntervalBytes,
        int reserveBytes,
        ScrubSettings scrub) {

    public static final EngineSettings DEFAULTS =
            new EngineSettings(
                    JournalSettings.DEFAULTS,
                    1L << 30,
                    1_000_000,
                    60_000,
                    16 << 20,
                    1_000,
                    30_000,
                    32 << 10,
                    8 << 20,
                    ScrubSettings.DEFAULTS);

    /** For tests and simulations: little files, so that everything happens often. */
    public static final EngineSettings SMALL =
            new EngineSettings(
                    new JournalSettings(16 << 10, 512, 16 << 10, 4, 12 << 10),
                    24 << 10,
                    1_000_000,
                    5_000,
                    4 << 10,
                    100,
                    200,
                    256,
                    64 << 10,
                    ScrubSettings.SMALL);

    public EngineSettings {
        if (maxFrameBytes > journal.maxFrameBytes()) {
            throw new IllegalArgumentException(
                    "maxFrameBytes is %d and must not exceed a quarter of a journal file, %d"
                            .formatted(maxFrameBytes, journal.maxFrameBytes()));
        }
    }
}
