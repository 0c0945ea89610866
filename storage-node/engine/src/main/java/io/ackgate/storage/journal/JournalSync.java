package io.ackgate.storage.journal;

import io.ackgate.storage.disk.DataDirectoryGoneException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One write and sync of what the journal had gathered. Created on the engine's thread, run on any
 * thread, completed on the engine's thread.
 */
public final class JournalSync {
    private final List<JournalGroup> groups;
    private final JournalPosition durable;
    private final JournalSettings settings;
    private @Nullable IOException failure;

    JournalSync(List<JournalGroup> groups, JournalPosition durable, JournalSettings settings) {
        this.groups = groups;
        this.durable = durable;
        this.settings = settings;
    }

    /**
     * Writes and syncs; on any thread, beside the engine. Keeps what goes wrong for {@link
     * Journal#done}.
     *
     * @throws DataDirectoryGoneException if what was synced is nowhere to be found any more
     */
    public void run() {
        try {
            Set<JournalFile> written = new LinkedHashSet<>();
            JournalPosition follows = durable;
            for (JournalGroup group : groups) {
                group.write(durable, follows, settings);
                follows = group.end(settings);
                written.add(group.file());
            }
            for (JournalFile file : written) {
                file.file().sync();
            }
            for (JournalFile file : written) {
                if (!file.file().inPlace()) {
                    throw new DataDirectoryGoneException(file.path());
                }
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    List<JournalGroup> groups() {
        return groups;
    }

    /** What went wrong, null if everything is durable. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** Bytes of the groups, without padding. */
    public long bytes() {
        return groups.stream().mapToLong(JournalGroup::length).sum();
    }
}
