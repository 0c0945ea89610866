package io.ackgate.storage.disk.simulated;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bit that has turned over. */
public final class Flipped {
    private record Candidate(String path, Inode inode, int size) {}

    private final Tree tree;
    private final String path;
    private final Inode inode;
    private final int position;
    private final byte left;

    private Flipped(Tree tree, String path, Inode inode, int position) {
        this.tree = tree;
        this.path = path;
        this.inode = inode;
        this.position = position;
        this.left = inode.durableByte(position);
    }

    /** Turns over one bit of what rests on the platter; null if there is nothing. */
    static @Nullable Flipped oneOf(Tree tree, Chance dice, FlipTarget target) {
        List<Candidate> candidates = new ArrayList<>();
        for (String path : tree.files()) {
            Inode inode = (Inode) tree.find(path);
            int size = inode == null ? 0 : target.flippableBytes(path, inode.durableSize());
            if (inode != null && inode.isClean() && size > 0) {
                candidates.add(new Candidate(path, inode, size));
            }
        }
        if (candidates.isEmpty()) {
            return null;
        }
        Candidate hit = dice.pick(candidates);
        int position = dice.between(0, hit.size() - 1);
        hit.inode().flip(position, dice.between(0, 7));
        return new Flipped(tree, hit.path(), hit.inode(), position);
    }

    public String path() {
        return path;
    }

    public int position() {
        return position;
    }

    /** Whether what it has left is still there, and has not been written again. */
    public boolean stands() {
        return tree.find(path) == inode
                && inode.durableSize() > position
                && inode.durableByte(position) == left;
    }

    @Override
    public String toString() {
        return path + "@" + position;
    }
}
