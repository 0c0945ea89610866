package io.ackgate.storage.disk.simulated;

/** Which bytes of a file may decay. */
@FunctionalInterface
public interface FlipTarget {
    /** How many of the file's first bytes may be hit; 0 for none. */
    int flippableBytes(String path, int durableSize);
}
