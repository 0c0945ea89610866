package io.ackgate.storage.disk.simulated;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.DiskFullException;
import io.ackgate.storage.disk.MissingFileException;
import io.ackgate.storage.disk.UnreachableDiskException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A disk that keeps apart what programs see and what is on the platter, and that fails when told
 * to.
 *
 * <p>It is as bad as the contract of {@link Disk} allows: unsynced writes survive a loss of power
 * each for itself, whole, torn or not at all, and so do unsynced changes of directories.
 */
public final class SimDisk implements Disk {
    private final Chance dice;
    private Directory root;
    private int mount;
    private boolean full;
    private boolean syncsFail;
    private int syncsUntilFailure = -1;
    private Runnable syncFailed = () -> {};

    /** Numbers the times without descriptors, so that each takes other files' away; 0 for never. */
    private int shortages;

    private boolean outOfDescriptors;
    private boolean readsFail;

    public SimDisk(Chance dice) {
        this(dice, new Directory());
    }

    private SimDisk(Chance dice, Directory root) {
        this.dice = dice;
        this.root = root;
    }

    /** While true, nothing that needs new space can be written. */
    public void setFull(boolean now) {
        full = now;
    }

    /** While true, every fsync fails and leaves some of the pages unwritten. */
    public void setSyncsFail(boolean now) {
        syncsFail = now;
        syncsUntilFailure = -1;
    }

    /** Lets so many more fsyncs succeed, and fails those after them until told otherwise. */
    public void failSyncsAfter(int successes) {
        syncsUntilFailure = successes;
    }

    /**
     * While true, nothing can be opened, created or listed, nor can some of the open files be used:
     * their descriptors had been given up for others'.
     */
    public void setOutOfDescriptors(boolean now) {
        if (now && !outOfDescriptors) {
            shortages++;
        }
        outOfDescriptors = now;
    }

    /** While true, whatever is read gives an I/O error; the bytes are sound. */
    public void setReadsFail(boolean now) {
        readsFail = now;
    }

    /** Looks at what is there, whatever fails at present for those who use the disk. */
    public <T> T lookedAt(Supplier<T> look) {
        boolean descriptors = outOfDescriptors;
        boolean reads = readsFail;
        outOfDescriptors = false;
        readsFail = false;
        try {
            return look.get();
        } finally {
            outOfDescriptors = descriptors;
            readsFail = reads;
        }
    }

    /** What is done whenever an fsync has failed. */
    public void setSyncFailed(Runnable action) {
        syncFailed = action;
    }

    void syncHasFailed() {
        syncFailed.run();
    }

    /** The process that had the disk is gone; what it wrote is still in the page cache. */
    public void closeHandles() {
        mount++;
    }

    /**
     * The machine loses its power: handles are gone, and unsynced changes survive with this
     * probability.
     */
    public void losePower(double survival) {
        mount++;
        root.losePower(dice, survival);
        root.remount(dice, survival);
    }

    /** A new, empty disk in the place of this one. */
    public void wipe() {
        mount++;
        root = new Directory();
        full = false;
        setSyncsFail(false);
        outOfDescriptors = false;
        readsFail = false;
    }

    /** A disk as this one would be if the power went now and nothing unsynced survived. */
    public SimDisk platterOnly() {
        return new SimDisk(dice, root.platterOnly());
    }

    /** Turns over one bit of what rests on the platter; null if there is nothing. */
    public @Nullable Flipped flipBit(FlipTarget target) {
        List<String> paths = new ArrayList<>();
        collect(root, "", paths);
        List<Flip> candidates = new ArrayList<>();
        for (String path : paths) {
            Inode inode = (Inode) walk(path);
            int size = inode == null ? 0 : target.flippableBytes(path, inode.durableSize());
            if (inode != null && inode.isClean() && size > 0) {
                candidates.add(new Flip(path, inode, size));
            }
        }
        if (candidates.isEmpty()) {
            return null;
        }
        Flip flip = dice.pick(candidates);
        int position = dice.between(0, flip.size() - 1);
        flip.inode().flip(position, dice.between(0, 7));
        return new Flipped(flip.path(), flip.inode(), position);
    }

    /** A bit that has turned over. */
    public final class Flipped {
        private final String path;
        private final Inode inode;
        private final int position;
        private final byte left;

        private Flipped(String path, Inode inode, int position) {
            this.path = path;
            this.inode = inode;
            this.position = position;
            this.left = inode.durableByte(position);
        }

        public String path() {
            return path;
        }

        public int position() {
            return position;
        }

        /** Whether what it has left is still there, and has not been written again. */
        public boolean stands() {
            return walk(path) == inode
                    && inode.durableSize() > position
                    && inode.durableByte(position) == left;
        }

        @Override
        public String toString() {
            return path + "@" + position;
        }
    }

    private record Flip(String path, Inode inode, int size) {}

    /** Which bytes of a file may decay. */
    @FunctionalInterface
    public interface FlipTarget {
        /** How many of the file's first bytes may be hit; 0 for none. */
        int flippableBytes(String path, int durableSize);
    }

    @Override
    public DiskFile open(String path) throws IOException {
        requireDescriptor(path);
        if (walk(path) instanceof Inode inode) {
            return new SimFile(this, inode);
        }
        throw new MissingFileException(path);
    }

    @Override
    public DiskFile create(String path) throws IOException {
        requireDescriptor(path);
        Directory parent = parent(path);
        if (parent.get(name(path)) != null) {
            throw new FileAlreadyExistsException(path);
        }
        requireSpace(path);
        Inode inode = new Inode();
        parent.set(new Directory.Change(), name(path), inode);
        return new SimFile(this, inode);
    }

    @Override
    public boolean exists(String path) {
        return walk(path) != null;
    }

    @Override
    public List<String> list(String directory) throws IOException {
        requireDescriptor(directory);
        return walk(directory) instanceof Directory found ? found.names() : List.of();
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        Directory at = root;
        for (String part : parts(directory)) {
            Object next = at.get(part);
            if (next == null) {
                requireSpace(directory);
                next = new Directory();
                at.set(new Directory.Change(), part, next);
            }
            if (!(next instanceof Directory child)) {
                throw new FileAlreadyExistsException(directory);
            }
            at = child;
        }
    }

    @Override
    public void delete(String path) throws IOException {
        if (walk(path) instanceof Inode) {
            parent(path).set(new Directory.Change(), name(path), null);
        }
    }

    @Override
    public void deleteRecursively(String directory) throws IOException {
        Object found = walk(directory);
        if (found instanceof Directory target) {
            requireDescriptor(directory);
            empty(target);
        }
        if (found != null) {
            parent(directory).set(new Directory.Change(), name(directory), null);
        }
    }

    private static void empty(Directory directory) {
        for (String name : directory.names()) {
            if (directory.get(name) instanceof Directory child) {
                empty(child);
            }
            directory.set(new Directory.Change(), name, null);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Object moved = walk(from);
        if (moved == null) {
            throw new MissingFileException(from);
        }
        Directory.Change change = new Directory.Change();
        parent(from).set(change, name(from), null);
        parent(to).set(change, name(to), moved);
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        requireDescriptor(directory);
        if (!(walk(directory) instanceof Directory found)) {
            throw new MissingFileException(directory);
        }
        if (syncFails()) {
            syncHasFailed();
            throw new IOException("simulated: fsync of directory " + directory + " failed");
        }
        found.sync();
    }

    Chance dice() {
        return dice;
    }

    int mount() {
        return mount;
    }

    /** Whether the fsync that begins now is to fail. */
    boolean syncFails() {
        if (syncsUntilFailure == 0) {
            syncsFail = true;
        }
        syncsUntilFailure--;
        return syncsFail;
    }

    boolean isFull() {
        return full;
    }

    private void requireDescriptor(String path) throws UnreachableDiskException {
        if (outOfDescriptors) {
            throw new UnreachableDiskException("simulated: too many open files, for " + path);
        }
    }

    boolean isOutOfDescriptors() {
        return outOfDescriptors;
    }

    int shortages() {
        return shortages;
    }

    boolean readsFail() {
        return readsFail;
    }

    private void requireSpace(String what) throws DiskFullException {
        if (full) {
            throw new DiskFullException("simulated: no space left for " + what);
        }
    }

    private static void collect(Directory directory, String prefix, List<String> paths) {
        for (String name : directory.names()) {
            if (directory.get(name) instanceof Directory child) {
                collect(child, prefix + name + "/", paths);
            } else {
                paths.add(prefix + name);
            }
        }
    }

    private @Nullable Object walk(String path) {
        Object at = root;
        for (String part : parts(path)) {
            if (!(at instanceof Directory directory)) {
                return null;
            }
            at = directory.get(part);
        }
        return at;
    }

    private Directory parent(String path) throws MissingFileException {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return root;
        }
        if (walk(path.substring(0, slash)) instanceof Directory parent) {
            return parent;
        }
        throw new MissingFileException(path);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }
}
