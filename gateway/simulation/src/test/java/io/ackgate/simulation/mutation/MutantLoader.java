package io.ackgate.simulation.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Loads all of Ackgate anew, with some classes replaced; everything else comes from the parent. */
final class MutantLoader extends ClassLoader {
    private final Map<String, byte[]> replaced;
    private final List<Path> directories;

    /**
     * A loader of one mutant.
     *
     * @param directories with classes and resources that the parent does not have: tests of other
     *     modules
     */
    MutantLoader(Map<String, byte[]> replaced, List<Path> directories, ClassLoader parent) {
        super(parent);
        this.replaced = replaced;
        this.directories = directories;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.ackgate.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                byte[] bytes = bytes(name);
                loaded = defineClass(name, bytes, 0, bytes.length);
            }
            return loaded;
        }
    }

    @Override
    protected @Nullable URL findResource(String name) {
        for (Path directory : directories) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                try {
                    return file.toUri().toURL();
                } catch (MalformedURLException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return null;
    }

    private byte[] bytes(String name) throws ClassNotFoundException {
        byte[] mutant = replaced.get(name);
        if (mutant != null) {
            return mutant;
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
