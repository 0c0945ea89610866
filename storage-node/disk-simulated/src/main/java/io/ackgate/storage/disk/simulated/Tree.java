package io.ackgate.storage.disk.simulated;

import io.ackgate.storage.disk.MissingFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The names of a disk, from its root on. */
final class Tree {
    private Directory root;

    Tree(Directory root) {
        this.root = root;
    }

    Directory root() {
        return root;
    }

    /** Nothing is there any more. */
    void clear() {
        root = new Directory();
    }

    /** An {@link Inode} or a {@link Directory}; null if nothing has this path. */
    @Nullable Object find(String path) {
        Object at = root;
        for (String part : parts(path)) {
            if (!(at instanceof Directory directory)) {
                return null;
            }
            at = directory.get(part);
        }
        return at;
    }

    Inode file(String path) throws MissingFileException {
        if (find(path) instanceof Inode inode) {
            return inode;
        }
        throw new MissingFileException(path);
    }

    Directory directory(String path) throws MissingFileException {
        if (find(path) instanceof Directory directory) {
            return directory;
        }
        throw new MissingFileException(path);
    }

    /** The directory that has a path's last name, whether or not that is there. */
    Directory parent(String path) throws MissingFileException {
        int slash = path.lastIndexOf('/');
        if (slash < 0) {
            return root;
        }
        if (find(path.substring(0, slash)) instanceof Directory parent) {
            return parent;
        }
        throw new MissingFileException(path);
    }

    /** The paths of all files, sorted within each directory. */
    List<String> files() {
        List<String> paths = new ArrayList<>();
        collect(root, "", paths);
        return paths;
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

    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return parts;
    }
}
