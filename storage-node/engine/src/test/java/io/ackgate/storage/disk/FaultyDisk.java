package io.ackgate.storage.disk;

import io.ackgate.storage.disk.DiskFaults.Operation;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps apart what is visible and what is durable.
 *
 * <p>Every operation that changes something counts; the machine can be made to stop at any of them.
 * After {@link #powerLoss} unsynced writes and directory changes are each kept, lost or torn as
 * chance has it; after {@link #killProcess} everything visible is kept. After a sync that failed
 * the file's bytes can be read as before, and no later sync brings them to the disk: as on Linux,
 * where pages that could not be written count as clean.
 */
public final class FaultyDisk implements Disk {
    private final DiskDirectory root = new DiskDirectory();
    private long operations;
    private long crashAt = Long.MAX_VALUE;
    private boolean crashed;
    private long space = Long.MAX_VALUE;
    private @Nullable String failingSyncs;
    private long syncsLeft = Long.MAX_VALUE;
    private long oneSync = Long.MAX_VALUE;
    private boolean failingWrites;
    private int mount;

    /** How often each file is open. */
    private final Map<FileContent, Integer> handles = new HashMap<>();

    private final DiskFaults faults = new DiskFaults();

    /** Operations that fail. */
    public DiskFaults faults() {
        return faults;
    }

    /** Operations that changed something, so far. */
    public long operations() {
        return operations;
    }

    /** Stops the machine at the operation of this number, counted as {@link #operations} does. */
    public void crashAt(long operation) {
        crashAt = operation;
    }

    /** Bytes that files may grow by from here on. */
    public void space(long bytes) {
        space = bytes;
    }

    /** Makes syncs of paths that contain this fail, until null is given. */
    public void failSyncs(@Nullable String pathPart) {
        failingSyncs = pathPart;
    }

    /** Makes every sync fail after so many more, until another number is given. */
    public void failSyncsAfter(long syncs) {
        syncsLeft = syncs;
    }

    /** Makes one sync fail, after so many more. */
    public void failOneSyncAfter(long syncs) {
        oneSync = syncs;
    }

    /** Makes writes fail, until told otherwise. */
    public void failWrites(boolean fail) {
        failingWrites = fail;
    }

    /** The process is gone and another may open its files; nothing is lost. */
    public void killProcess() {
        restart();
    }

    /** The machine loses power; what was not synced fares as chance has it. */
    public void powerLoss(Random chance) {
        root.powerLoss(chance);
        restart();
    }

    /** The machine loses power; nothing that was not synced is left. */
    public void powerLossOfAllUnsynced() {
        root.powerLoss(null);
        restart();
    }

    private void restart() {
        for (FileContent file : handles.keySet()) {
            freeUnlessNamed(file);
        }
        handles.clear();
        crashed = false;
        crashAt = Long.MAX_VALUE;
        mount++;
    }

    /** Turns a bit over in what a file holds, visible and durable. */
    public void flipBit(String path, long bit) throws IOException {
        file(path).flip(bit);
    }

    /** All files. */
    public List<String> files() {
        List<String> paths = new ArrayList<>();
        root.collect("", paths);
        return paths;
    }

    /** What a file holds. */
    public byte[] content(String path) throws IOException {
        return file(path).content();
    }

    /** One of the operations that change something. */
    void operation(String what) {
        if (Boolean.getBoolean("ackgate.disk.trace")) {
            System.out.println("  disk " + what);
        }
        if (crashed || ++operations == crashAt) {
            crashed = true;
            throw new SimulatedCrash(what);
        }
    }

    /** Whether the machine stops at the operation that comes next, half way through it. */
    boolean crashesNext() {
        return operations + 1 == crashAt;
    }

    void requireRunning() {
        if (crashed) {
            throw new SimulatedCrash("already");
        }
    }

    int mount() {
        return mount;
    }

    void requireWritable(String path, long growth) throws IOException {
        if (failingWrites) {
            throw new IOException("simulated: cannot write " + path);
        }
        if (growth > space) {
            throw new DiskFullException("simulated: no space for " + path);
        }
        space -= space == Long.MAX_VALUE ? 0 : Math.max(0, growth);
    }

    /** Bytes that files may grow by. */
    public long space() {
        return space;
    }

    void requireSyncable(String path) throws IOException {
        boolean one = oneSync-- == 0;
        boolean fails = syncsLeft-- <= 0 || one;
        if (fails || (failingSyncs != null && path.contains(failingSyncs))) {
            throw new IOException("simulated: cannot sync " + path);
        }
    }

    @Override
    public DiskFile open(String path) throws IOException {
        requireRunning();
        faults.check(Operation.OPEN, path);
        return new FaultyFile(this, path, file(path));
    }

    @Override
    public DiskFile create(String path) throws IOException {
        faults.check(Operation.CREATE, path);
        operation("create " + path);
        requireWritable(path, 0);
        DiskDirectory parent = parent(path);
        if (parent.get(name(path)) != null) {
            throw new FileAlreadyExistsException(path);
        }
        FileContent file = new FileContent();
        parent.put(name(path), file);
        return new FaultyFile(this, path, file);
    }

    @Override
    public boolean exists(String path) throws IOException {
        requireRunning();
        faults.check(Operation.EXISTS, path);
        return find(path) != null;
    }

    @Override
    public List<String> list(String directory) throws IOException {
        requireRunning();
        faults.check(Operation.LIST, directory);
        return find(directory) instanceof DiskDirectory found ? found.names() : List.of();
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        DiskDirectory at = root;
        for (String part : directory.split("/", -1)) {
            if (at.get(part) == null) {
                faults.check(Operation.CREATE, directory);
                operation("mkdir " + directory);
                requireWritable(directory, 0);
                at.put(part, new DiskDirectory());
            }
            if (!(at.get(part) instanceof DiskDirectory child)) {
                throw new FileAlreadyExistsException(directory);
            }
            at = child;
        }
    }

    @Override
    public void delete(String path) throws IOException {
        requireRunning();
        faults.check(Operation.DELETE, path);
        if (find(path) instanceof FileContent file) {
            operation("delete " + path);
            parent(path).remove(name(path));
            file.unlinked();
            if (!handles.containsKey(file)) {
                freeUnlessNamed(file);
            }
        }
    }

    /** A file without a name takes its space until nobody has it open any more. */
    private void freeUnlessNamed(FileContent file) {
        space += space == Long.MAX_VALUE || !file.isUnlinked() ? 0 : file.size();
    }

    void opened(FileContent file) {
        handles.merge(file, 1, Integer::sum);
    }

    void closed(FileContent file) {
        if (handles.merge(file, -1, Integer::sum) == 0) {
            handles.remove(file);
            freeUnlessNamed(file);
        }
    }

    /** How many files are open. */
    public int openFiles() {
        return handles.size();
    }

    @Override
    public void deleteRecursively(String directory) throws IOException {
        requireRunning();
        faults.check(Operation.DELETE, directory);
        if (find(directory) instanceof DiskDirectory found) {
            for (String name : found.names()) {
                deleteRecursively(directory + "/" + name);
            }
        }
        if (find(directory) != null) {
            operation("delete " + directory);
            parent(directory).remove(name(directory));
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        faults.check(Operation.RENAME, from);
        operation("rename " + from + " to " + to);
        DiskDirectory parent = parent(from);
        Object moved = parent.get(name(from));
        if (moved == null) {
            throw new MissingFileException(from);
        }
        if (parent != parent(to)) {
            throw new IOException("simulated: only within a directory");
        }
        parent.rename(name(from), name(to));
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        faults.check(Operation.OPEN_DIRECTORY, directory);
        operation("sync " + directory);
        requireSyncable(directory);
        if (!(find(directory) instanceof DiskDirectory found)) {
            throw new MissingFileException(directory);
        }
        found.sync();
    }

    private FileContent file(String path) throws MissingFileException {
        if (find(path) instanceof FileContent file) {
            return file;
        }
        throw new MissingFileException(path);
    }

    private @Nullable Object find(String path) {
        Object at = root;
        if (path.isEmpty()) {
            return at;
        }
        for (String part : path.split("/", -1)) {
            if (!(at instanceof DiskDirectory directory)) {
                return null;
            }
            at = directory.get(part);
        }
        return at;
    }

    private DiskDirectory parent(String path) throws MissingFileException {
        int slash = path.lastIndexOf('/');
        if (find(slash < 0 ? "" : path.substring(0, slash)) instanceof DiskDirectory parent) {
            return parent;
        }
        throw new MissingFileException(path);
    }

    boolean standsAt(String path, FileContent file) {
        return find(path) == file;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
