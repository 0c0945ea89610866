package io.ackgate.gateway.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a storage node, for tests that do them harm.
 *
 * @param root the node's data directory
 */
record NodeFiles(Path root) {
    /** In the first group behind the file's header. */
    private static final int JOURNAL_BYTE = 4_096 + 300;

    /** The directories of the logs that have files. */
    List<Path> logs() {
        return list(root.resolve("partitions")).stream()
                .filter(log -> !list(log, ".log").isEmpty())
                .toList();
    }

    /** Segments of a log, the active one last. */
    static List<Path> segments(Path log) {
        return list(log, ".log");
    }

    /** Files of a directory whose names end so, by name. */
    static List<Path> list(Path directory, String suffix) {
        return list(directory).stream().filter(file -> file.toString().endsWith(suffix)).toList();
    }

    Path checkpoint() {
        return root.resolve("checkpoint");
    }

    Path cookie() {
        return root.resolve("cookie");
    }

    /**
     * The file of the journal that was written last. Those that stand ready have higher numbers,
     * and old content where they were used before.
     */
    Path lastJournal() {
        return list(root.resolve("journal"), ".log").stream()
                .max(Comparator.comparing(NodeFiles::lastWritten))
                .orElseThrow();
    }

    private static FileTime lastWritten(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (NoSuchFileException renamed) {
            // The node has taken it for its next one meanwhile.
            return FileTime.fromMillis(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the zeros begin with which a file of the journal was made. */
    static long usedBytes(Path file) {
        byte[] content = read(file);
        int used = content.length;
        while (used > 0 && content[used - 1] == 0) {
            used--;
        }
        return used;
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Turns over one bit in the middle of what is written of a file. */
    static void flipBit(Path file) {
        flipBit(file, usedBytes(file) / 2);
    }

    /** Turns over one bit, as the disk would: the file is as long, and as old, as before. */
    static void flipBit(Path file, long position) {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.position(position).read(one);
            one.put(0, (byte) (one.get(0) ^ 4)).rewind();
            channel.position(position).write(one);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void swap(Path one, Path other) {
        byte[] content = read(one);
        write(one, read(other));
        write(other, content);
    }

    /** Turns over one bit near the beginning of the file that the journal is in. */
    void flipBitOfTheJournal() {
        flipBit(lastJournal(), JOURNAL_BYTE);
    }

    /** Which partition a log's directory is of; a log that is made anew has another directory. */
    static String partition(Path log) {
        String path = log.toString();
        return path.substring(0, path.lastIndexOf('.'));
    }

    /** Cuts a file off. */
    static void cut(Path file, long bytes) {
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void cutLastByte(Path file) {
        cut(file, read(file).length - 1);
    }

    static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Deletes all that the data directory holds, and leaves it empty unless a node writes there.
     */
    void empty() {
        try {
            Files.walkFileTree(root, new EmptyingVisitor(root));
        } catch (DirectoryNotEmptyException inUse) {
            empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        } catch (NoSuchFileException gone) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes everything but the directory itself. */
    private static final class EmptyingVisitor extends SimpleFileVisitor<Path> {
        private final Path top;

        private EmptyingVisitor(Path top) {
            this.top = top;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
            if (why instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw why;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
                throws IOException {
            if (failed != null) {
                throw failed;
            }
            if (!directory.equals(top)) {
                Files.delete(directory);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
