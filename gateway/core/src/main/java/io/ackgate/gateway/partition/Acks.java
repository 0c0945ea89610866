package io.ackgate.gateway.partition;

/** What a producer calls written. */
public enum Acks {
    /** acks=0: the owner has taken the batch into its queue. */
    NONE,
    /** acks=1: the leader replica has it durably. */
    LEADER,
    /** acks=all: every member of an ISR of at least min.insync.replicas has it durably. */
    ALL
}
