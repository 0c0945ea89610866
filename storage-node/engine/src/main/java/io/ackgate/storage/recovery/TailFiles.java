package io.ackgate.storage.recovery;

import io.ackgate.record.BatchFrame;
import io.ackgate.storage.api.PartitionId;
import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.journal.FrameRef;
import io.ackgate.storage.journal.FrameRefs;
import io.ackgate.storage.log.FrameWalk;
import io.ackgate.storage.log.LogRecovery.FrameSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The files {@code <offset>-<piece>.tail} of a log that cannot be used: the batches from an offset
 * on, one behind the other, as the journal had them. They stand in for a journal that has been made
 * void, since nobody knows whether the log's segments hold those batches.
 *
 * <p>The generation of a {@link FrameRef} is the number of the piece.
 */
final class TailFiles implements FrameSource, AutoCloseable {
    private static final String SUFFIX = ".tail";

    /** At which another piece begins: positions in one have to be small. */
    private static final int PIECE_BYTES = 1 << 30;

    private final Disk disk;
    private final String directory;
    private final long from;
    private final Map<Long, DiskFile> open = new HashMap<>();

    /**
     * The files of a log.
     *
     * @param from offset of the first batch in them
     */
    TailFiles(Disk disk, String directory, long from) {
        this.disk = disk;
        this.directory = directory;
        this.from = from;
    }

    private String path(long piece) {
        return "%s/%020d-%d%s".formatted(directory, from, piece, SUFFIX);
    }

    /**
     * Writes the files; afterwards they are durable.
     *
     * @param frames of which the first begins at the files' offset
     * @throws io.ackgate.storage.log.DamagedLogException if one of them cannot be read as it was
     */
    void write(FrameRefs frames, FrameSource source) throws IOException {
        disk.createDirectories(directory);
        int next = 0;
        for (long piece = 1; next < frames.size(); piece++) {
            disk.delete(path(piece));
            try (DiskFile file = disk.create(path(piece))) {
                next = write(file, frames, next, source);
                file.sync();
            } catch (DiskFullException full) {
                disk.deleteRecursively(directory);
                throw full;
            }
        }
        disk.syncDirectory(directory);
        disk.syncDirectory(directory.substring(0, directory.lastIndexOf('/')));
    }

    private static int write(DiskFile file, FrameRefs frames, int first, FrameSource source)
            throws IOException {
        int next = first;
        long at = 0;
        while (next < frames.size() && at < PIECE_BYTES) {
            ByteBuffer frame = source.read(frames.get(next));
            int length = frame.remaining();
            file.write(frame, at);
            at += length;
            next++;
        }
        return next;
    }

    /**
     * Looks at the files.
     *
     * @return the batches up to {@code end}, or up to the first that is damaged or missing
     */
    FrameRefs frames(PartitionId partition, long end) throws IOException {
        FrameRefs frames = new FrameRefs();
        long next = from;
        boolean whole = true;
        for (long piece = 1; whole && next < end && disk.exists(path(piece)); piece++) {
            whole = addPiece(piece, partition, end, frames);
            next = frames.isEmpty() ? from : frames.getLast().nextOffset();
        }
        return frames;
    }

    /** Adds the batches of a piece; returns whether more may follow in another. */
    private boolean addPiece(long piece, PartitionId partition, long end, FrameRefs frames)
            throws IOException {
        DiskFile file = file(piece);
        FrameWalk walk = FrameWalk.whole(file, partition, 0, (int) file.size());
        long next = frames.isEmpty() ? from : frames.getLast().nextOffset();
        while (walk.look() == FrameWalk.Step.FRAME
                && walk.baseOffset() == next
                && walk.nextOffset() <= end) {
            int crc = BatchFrame.frameCrc(walk.buffer(), walk.frame());
            frames.add(
                    new FrameRef(
                            piece,
                            walk.position(),
                            walk.frameLength(),
                            crc,
                            next,
                            walk.nextOffset()));
            next = walk.nextOffset();
            walk.advance();
        }
        return walk.look() == FrameWalk.Step.END;
    }

    @Override
    public ByteBuffer read(FrameRef frame) throws IOException {
        return FrameFile.read(file(frame.generation()), frame);
    }

    private DiskFile file(long piece) throws IOException {
        DiskFile file = open.get(piece);
        if (file == null) {
            file = disk.open(path(piece));
            open.put(piece, file);
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        for (DiskFile file : open.values()) {
            file.close();
        }
    }
}
