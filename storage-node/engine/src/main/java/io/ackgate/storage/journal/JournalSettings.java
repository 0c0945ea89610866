package io.ackgate.storage.journal;

/**
 * Sizes of the journal.
 *
 * @param fileBytes size of a journal file, bytes; a multiple of {@code blockBytes}, at least four
 *     blocks. A record may take a quarter of it
 * @param blockBytes groups start at multiples of it, bytes; what the disk writes in one piece
 * @param chunkBytes size of the buffers in which a group gathers, bytes
 * @param keptFiles files that are kept for use again, at most; 2 or more
 * @param groupBytes bytes that gather for one group commit, at most, one record more excepted: what
 *     comes beyond waits for the sync that is under way
 */
public record JournalSettings(
        int fileBytes, int blockBytes, int chunkBytes, int keptFiles, int groupBytes) {
    public static final JournalSettings DEFAULTS =
            new JournalSettings(64 << 20, 4096, 1 << 20, 16, 8 << 20);

    /** Size of the files that a start creates: small, because a start should not wait for them. */
    private static final int FIRST_FILE_BYTES = 1 << 20;

    public JournalSettings {
        if (blockBytes < JournalGroup.HEADER_BYTES || Integer.bitCount(blockBytes) != 1) {
            throw new IllegalArgumentException("blockBytes must be a power of two, 64 or more");
        }
        if (fileBytes < 4 * blockBytes || fileBytes % blockBytes != 0) {
            throw new IllegalArgumentException(
                    "fileBytes must be a multiple of blockBytes, four of them or more");
        }
        if (groupBytes < blockBytes) {
            throw new IllegalArgumentException("groupBytes must be blockBytes or more");
        }
        if (keptFiles < 2) {
            throw new IllegalArgumentException("keptFiles must be 2 or more");
        }
    }

    int firstFileBytes() {
        return Math.min(fileBytes, FIRST_FILE_BYTES);
    }

    /** Bytes of the largest frame that the journal takes. */
    public int maxFrameBytes() {
        return fileBytes / 4;
    }

    int align(int bytes) {
        return (bytes + blockBytes - 1) & -blockBytes;
    }
}
