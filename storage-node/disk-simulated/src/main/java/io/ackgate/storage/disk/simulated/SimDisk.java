package io.ackgate.storage.disk.simulated;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import io.ackgate.storage.disk.MissingFileException;
import io.ackgate.storage.disk.UnreachableDiskException;
import io.ackgate.storage.disk.simulated.DiskFaults.Operation;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps apart what programs see and what is on the platter, and that fails
 * when told to.
 *
 * <p>It is as bad as the contract of {@link Disk} allows: unsynced writes survive a loss of power
 * each for itself, whole, torn or not at all, and so do unsynced changes of directories. Every
 * operation that changes something counts; the machine can be made to stop at any of them.
 */
public final class SimDisk implements Disk {
    private final Chance dice;
    private final DiskFaults faults = new DiskFaults();
    private final SyncFaults syncs = new SyncFaults();
    private final Space space = new Space();
    private final CrashPoint crash = new CrashPoint();
    private final Tree tree;
    private int mount;

    /** Numbers the times without descriptors, so that each takes other files' away; 0 for never. */
    private int shortages;

    private boolean outOfDescriptors;
    private boolean readsFail;
    private boolean truncatesFail;

    /** A disk of which nothing survives that its contract does not promise. */
    public SimDisk() {
        this(Chance.worst());
    }

    public SimDisk(Chance dice) {
        this(dice, new Directory());
    }

    private SimDisk(Chance dice, Directory root) {
        this.dice = dice;
        this.tree = new Tree(root);
    }

    // ---- what fails

    /** Operations that fail, by their paths. */
    public DiskFaults faults() {
        return faults;
    }

    /** While true, nothing that needs new space can be written, or no more than a part of it. */
    public void setFull(boolean now) {
        space.full(now);
    }

    /** Bytes that files may grow by from here on. */
    public void space(long bytes) {
        space.left(bytes);
    }

    /** Bytes that files may grow by. */
    public long freeSpace() {
        return space.left();
    }

    /** How many files are open. */
    public int openFiles() {
        return space.openFiles();
    }

    /** While true, writes fail, and nothing is written. */
    public void failWrites(boolean now) {
        space.writesFail(now);
    }

    /** While true, every fsync fails and leaves some of the pages unwritten. */
    public void setSyncsFail(boolean now) {
        syncs.all(now);
    }

    /** Lets so many more fsyncs succeed, and fails those after them until told otherwise. */
    public void failSyncsAfter(long successes) {
        syncs.after(successes);
    }

    /** Makes one fsync fail, after so many more. */
    public void failOneSyncAfter(long successes) {
        syncs.oneAfter(successes);
    }

    /** Makes fsyncs of paths that contain this fail, until null is given. */
    public void failSyncs(@Nullable String pathPart) {
        syncs.ofPaths(pathPart);
    }

    /** What is done whenever an fsync has failed. */
    public void setSyncFailed(Runnable action) {
        syncs.whenFailed(action);
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

    /** While true, no file can be made shorter. */
    public void setTruncatesFail(boolean now) {
        truncatesFail = now;
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

    /** Operations that changed something, so far. */
    public long operations() {
        return crash.operations();
    }

    /** Stops the machine at the operation of this number, counted as {@link #operations} does. */
    public void crashAt(long operation) {
        crash.crashAt(operation);
    }

    // ---- what becomes of its bytes

    /**
     * The process that had the disk is gone; what it wrote is still in the page cache. A machine
     * that was stopped runs again.
     */
    public void closeHandles() {
        mount++;
        space.closeAll();
        crash.restart();
    }

    /**
     * The machine loses its power: handles are gone, and unsynced changes survive with this
     * probability.
     */
    public void losePower(double survival) {
        losePower(dice, survival);
    }

    /** The same, decided by other dice than the disk's own. */
    public void losePower(Chance chance, double survival) {
        tree.root().losePower(chance, survival);
        tree.root().remount(chance, survival);
        closeHandles();
    }

    /** A new, empty disk in the place of this one. */
    public void wipe() {
        closeHandles();
        tree.clear();
        setFull(false);
        setSyncsFail(false);
        outOfDescriptors = false;
        readsFail = false;
        truncatesFail = false;
    }

    /** A disk as this one would be if the power went now and nothing unsynced survived. */
    public SimDisk platterOnly() {
        return new SimDisk(dice, tree.root().platterOnly());
    }

    /** Turns over one bit of what rests on the platter; null if there is nothing. */
    public @Nullable Flipped flipBit(FlipTarget target) {
        return Flipped.oneOf(tree, dice, target);
    }

    /** Turns over one bit of a file, whether or not it rests on the platter. */
    public void flipBit(String path, long bit) throws IOException {
        tree.file(path).flip((int) (bit / 8), (int) (bit % 8));
    }

    /** The paths of all files. */
    public List<String> files() {
        return tree.files();
    }

    /** What a file holds, as programs see it. */
    public byte[] content(String path) throws IOException {
        Image image = tree.file(path).cached();
        return Arrays.copyOf(image.bytes(), image.size());
    }

    // ---- files and names

    @Override
    public DiskFile open(String path) throws IOException {
        requireUsable(Operation.OPEN, path);
        return new SimFile(this, path, tree.file(path));
    }

    @Override
    public DiskFile create(String path) throws IOException {
        requireUsable(Operation.CREATE, path);
        crash.operation("create", path);
        Directory parent = tree.parent(path);
        if (parent.get(Tree.name(path)) != null) {
            throw new FileAlreadyExistsException(path);
        }
        space.requireName(path);
        Inode inode = new Inode();
        parent.set(new Directory.Change(), Tree.name(path), inode);
        return new SimFile(this, path, inode);
    }

    @Override
    public boolean exists(String path) throws IOException {
        crash.requireRunning();
        faults.check(Operation.EXISTS, path);
        return tree.find(path) != null;
    }

    @Override
    public List<String> list(String directory) throws IOException {
        requireUsable(Operation.LIST, directory);
        return tree.find(directory) instanceof Directory found ? found.names() : List.of();
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        Directory at = tree.root();
        for (String part : Tree.parts(directory)) {
            Object next = at.get(part);
            if (next == null) {
                faults.check(Operation.CREATE, directory);
                crash.operation("mkdir", directory);
                space.requireName(directory);
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
        crash.requireRunning();
        faults.check(Operation.DELETE, path);
        if (tree.find(path) instanceof Inode inode) {
            crash.operation("delete", path);
            tree.parent(path).set(new Directory.Change(), Tree.name(path), null);
            space.unlinked(inode);
        }
    }

    @Override
    public void deleteRecursively(String directory) throws IOException {
        crash.requireRunning();
        faults.check(Operation.DELETE, directory);
        Object found = tree.find(directory);
        if (found instanceof Directory target) {
            requireDescriptor(directory);
            for (String name : target.names()) {
                deleteRecursively(directory + "/" + name);
            }
        }
        if (found != null) {
            crash.operation("delete", directory);
            tree.parent(directory).set(new Directory.Change(), Tree.name(directory), null);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        faults.check(Operation.RENAME, from);
        Object moved = tree.find(from);
        if (moved == null) {
            throw new MissingFileException(from);
        }
        crash.operation("rename", from);
        Directory.Change change = new Directory.Change();
        tree.parent(from).set(change, Tree.name(from), null);
        tree.parent(to).set(change, Tree.name(to), moved);
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        requireUsable(Operation.OPEN_DIRECTORY, directory);
        Directory found = tree.directory(directory);
        crash.operation("sync", directory);
        if (syncs.fails(directory)) {
            syncs.hasFailed();
            throw new IOException("simulated: fsync of directory " + directory + " failed");
        }
        found.sync();
    }

    private void requireUsable(Operation operation, String path) throws IOException {
        crash.requireRunning();
        faults.check(operation, path);
        requireDescriptor(path);
    }

    // ---- for its files

    CrashPoint crash() {
        return crash;
    }

    SyncFaults syncs() {
        return syncs;
    }

    Space space() {
        return space;
    }

    boolean standsAt(String path, Inode inode) {
        return tree.find(path) == inode;
    }

    Chance dice() {
        return dice;
    }

    int mount() {
        return mount;
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

    boolean truncatesFail() {
        return truncatesFail;
    }
}
