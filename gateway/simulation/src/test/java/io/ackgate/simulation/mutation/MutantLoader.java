package io.ackgate.simulation.mutation;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Loads all of Ackgate anew, with some classes replaced; everything else comes from the parent. */
final class MutantLoader extends ClassLoader {
    private final Map<String, byte[]> replaced;

    MutantLoader(Map<String, byte[]> replaced, ClassLoader parent) {
        super(parent);
        this.replaced = replaced;
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

    private byte[] bytes(String name) throws ClassNotFoundException {
        byte[] mutant = replaced.get(name);
        if (mutant != null) {
            return mutant;
        }
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
