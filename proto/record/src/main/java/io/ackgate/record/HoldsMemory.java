package io.ackgate.record;

/** A stream whose memory counts: it may be open while its reader waits. */
interface HoldsMemory {
    /** Bytes in use beside the compressed ones. */
    int heldBytes();
}
