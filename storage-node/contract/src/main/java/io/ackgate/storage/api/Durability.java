package io.ackgate.storage.api;

/** When a replica may acknowledge an append. A setting of the topic. */
public enum Durability {
    /** After fdatasync, group-committed with whatever else the node has under way (default). */
    FSYNC,
    /** After write(2): survives the process, not the operating system. Kafka's default. */
    PAGE_CACHE
}
