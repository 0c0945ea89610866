package io.ackgate.storage.disk.simulated;

import io.ackgate.storage.disk.Disk;
import io.ackgate.storage.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A disk that notes what is synced, how often it is read, and which names are made. */
public final class CountingDisk implements Disk {
    private final Disk disk;
    private final List<String> syncs = new ArrayList<>();
    private final List<String> directorySyncs = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private int reads;

    public CountingDisk(Disk disk) {
        this.disk = disk;
    }

    /** Paths of the files synced since the last {@link #reset}. */
    public List<String> syncs() {
        return List.copyOf(syncs);
    }

    /** Paths of the directories synced since the last {@link #reset}. */
    public List<String> directorySyncs() {
        return List.copyOf(directorySyncs);
    }

    /** Paths of the files created or renamed since the last {@link #reset}. */
    public List<String> names() {
        return List.copyOf(names);
    }

    /** How often a file was read since the last {@link #reset}. */
    public int reads() {
        return reads;
    }

    public void reset() {
        reads = 0;
        syncs.clear();
        directorySyncs.clear();
        names.clear();
    }

    @Override
    public DiskFile open(String path) throws IOException {
        return new CountingFile(path, disk.open(path));
    }

    @Override
    public DiskFile create(String path) throws IOException {
        names.add(path);
        return new CountingFile(path, disk.create(path));
    }

    @Override
    public boolean exists(String path) throws IOException {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void createDirectories(String directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public void delete(String path) throws IOException {
        disk.delete(path);
    }

    @Override
    public void deleteRecursively(String directory) throws IOException {
        disk.deleteRecursively(directory);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        names.add(to);
        disk.rename(from, to);
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        directorySyncs.add(directory);
        disk.syncDirectory(directory);
    }

    private final class CountingFile implements DiskFile {
        private final String path;
        private final DiskFile file;

        CountingFile(String path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            reads++;
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            file.write(source, position);
        }

        @Override
        public void write(ByteBuffer[] sources, long position) throws IOException {
            file.write(sources, position);
        }

        @Override
        public void sync() throws IOException {
            syncs.add(path);
            file.sync();
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public boolean inPlace() {
            return file.inPlace();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
