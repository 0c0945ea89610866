package io.ackgate.gateway.partition;

/** Bounds that all partitions of a gateway share. Asked within a step; answers at once. */
public interface SharedBudget {
    /** Nothing but the partition's own bounds. */
    SharedBudget UNLIMITED = () -> true;

    /** Whether one more read may wait for records. */
    boolean mayWait();
}
