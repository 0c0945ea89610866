package io.ackgate.storage.api;

/** A storage node's number, unique in the cluster, 1 or more. */
public record NodeId(int value) implements Comparable<NodeId> {
    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return "node-" + value;
    }
}
