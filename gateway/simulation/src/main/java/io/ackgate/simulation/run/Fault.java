package io.ackgate.simulation.run;

/** What can go wrong in a world. Each seed has some of them. */
public enum Fault {
    /** A stream breaks; what is under way on it arrives in part, late, or twice. */
    BROKEN_STREAM,
    /** One direction between a gateway and a node is cut for a while. */
    ONE_WAY_CUT,
    /** Both directions are. */
    CUT,
    /** A node cannot be reached by anybody for a while. */
    ISOLATED_NODE,
    /** A gateway reaches no node for a while. */
    ISOLATED_GATEWAY,
    /** A gateway starts that reaches the metadata store and no node, for long. */
    GATEWAY_WITHOUT_ROUTE,
    /** A gateway cannot reach the metadata store for a while. */
    NO_METADATA,
    /** A node's process is killed and starts again. */
    KILLED_NODE,
    /** A node's machine loses its power, with any part of what was not synced. */
    NODE_WITHOUT_POWER,
    /** All machines of nodes lose their power at once. */
    POWER_LOSS_OF_ALL,
    /** A node comes back with an empty disk. */
    WIPED_DISK,
    /** Two nodes do, one soon after the other; one member of each ISR keeps its disk. */
    TWO_WIPED_DISKS,
    /** A bit of what rests on a disk turns over. */
    BIT_FLIP,
    /** A disk has no space for a while; what was written in part may not be cut off again. */
    FULL_DISK,
    /** A node cannot open any file for a while, nor use some of those that it has open. */
    OUT_OF_DESCRIPTORS,
    /** Whatever is read from a disk gives an I/O error for a while; the bytes are sound. */
    FAILED_READS,
    /** A disk is slow for a while. */
    SLOW_DISK,
    /** Every fsync of a disk fails for a while. */
    FAILED_FSYNC,
    /** Fsync fails while a node starts; it starts again in the same boot, and then loses power. */
    FAILED_START,
    /** A gateway stands still, perhaps past its lease. */
    PAUSED_GATEWAY,
    /** A machine's wall clock is set, forward or back. */
    CLOCK_JUMP,
    /** A topic's min.insync.replicas changes, or its durability. */
    RECONFIGURED,
    /** A node stands still. */
    PAUSED_NODE,
    /** A gateway's process ends and another one starts. */
    KILLED_GATEWAY,
    /** A gateway takes a partition over that is another's, or two do. */
    TAKEOVER,
    /** A gateway that reaches one or two nodes only takes a partition over. */
    LONELY_TAKER,
    /** A Reconcile of a stream that has been replaced arrives once more. */
    REPEATED_RECONCILE,
    /** Another gateway takes over as soon as an ISR has changed; who was added is cut off. */
    AMBUSH,
    /** A gateway lets go of a partition. */
    RESIGN;

    /** Whether an epoch may begin by it while the one before still has an owner. */
    boolean movesOwners() {
        return switch (this) {
            case TAKEOVER, LONELY_TAKER, AMBUSH -> true;
            default -> false;
        };
    }
}
