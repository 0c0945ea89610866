package io.ackgate.simulation.check;

/** What must be true, and who says so. */
public enum Invariant {
    ACKNOWLEDGED_IS_READABLE_FOR_EVER(
            "Invariant 1: a record acknowledged at acks=all is readable, at its offset, for ever"),
    EVERY_ISR_MEMBER_HOLDS_WHAT_IS_COMMITTED(
            "Invariant 1, Ownership 4: every committed record is on all members of the stored ISR,"
                    + " so that one answer of it is enough"),
    ACKNOWLEDGED_IS_DURABLE(
            "Invariant 2: the leader, or min.insync.replicas, had it durably when it was"
                    + " acknowledged"),
    HIGH_WATERMARK_NEEDS_MIN_ISR(
            "What acks means: HW never advances while |ISR| < min.insync.replicas, for any acks"),
    RETENTION_STAYS_BELOW_HIGH_WATERMARK(
            "What acks means: retention never passes HW; Invariant 1: readable until retention"),
    PUBLISHED_ISR_HAS_ANSWERED(
            "Ownership 4 and 5: the ISR published is those that answered the fence of this epoch,"
                    + " with the incarnation that the ISR names"),
    NO_ISR_WITHOUT_A_RECONCILED_MEMBER(
            "Invariant 9: no decision of an owner leaves a partition without promises; Appending:"
                + " no ISR is proposed none of whose members is reconciled on its current stream"),
    ONE_OWNER_PER_EPOCH("Invariant 3: at most one accepted owner per (partition, epoch)"),
    NO_CLAIM_WITHOUT_A_ROUTE(
            "Ownership 8: nobody claims an epoch without open streams to enough replicas to publish"
                    + " it, one member of the ISR at the least"),
    UNCLEAN_ELECTION_IS_THE_LAST_RESORT(
            "Ownership 4: nobody leads who was not in sync while a log of the ISR may still have"
                    + " all that was acknowledged"),
    FENCED_OWNER_COMMITS_NOTHING(
            "Invariant 3: a fenced owner commits nothing that the newer epoch lacks"),
    COMMITTED_STATE_WAS_STORED(
            "Appending: what counts as committed of the ISR is what the metadata store has stored"),
    SAME_BYTES_BELOW_HIGH_WATERMARK(
            "Invariant 4: below the smaller HW, two replicas of a partition hold the same bytes"),
    NOTHING_GOES_BACK("Invariant 5: HW and what a consumer has seen never go back"),
    OFFSETS_ARE_UNIQUE_AND_DENSE("Invariant 5: offsets are unique per epoch, and dense"),
    OFFSETS_FOLLOW_TIME(
            "Invariant 5: a record acknowledged before another was sent has the lower offset"),
    SEQUENCE_STANDS_ONCE_IN_ORDER(
            "Invariant 6: each (producer id, epoch, sequence) stands at most once in the log, in"
                    + " order"),
    NOT_WRITTEN_NEVER_APPEARS("Invariant 7: what was answered \"not written\" never appears"),
    RETRY_JOINS_ITS_ORIGINAL(
            "What acks means: deduplicate first, a retry whose original is known joins it"),
    PRODUCERS_ARE_REMEMBERED(
            "Idempotent producers: what is known of one outlives retention, restart and failover"),
    POSITION_IS_TRUE(
            "Ownership 7: what an owner names is so; a timestamp's position is the first record as"
                    + " young"),
    PROGRESS_IS_TRUE(
            "What acks means: a tracked produce streams accepted, persisted, committed, in this"
                    + " order and only what has happened"),
    SILENT_PRODUCERS_ARE_FORGOTTEN(
            "Idempotent producers: what is known of one expires after producer.id.expiration.ms of"
                    + " silence, and not before, by the same clock at every owner"),
    WHAT_COMES_NEXT_IS_TAKEN(
            "Idempotent producers: first == last + 1: append; sequences wrap after 2^31 - 1"),
    WRITTEN_AT_MOST_ONCE("Invariant 7: what may have been written appears at most once"),
    ONLY_THE_RECONCILED_STREAM_WRITES(
            "Appending: a storage node accepts an append only from the epoch it is fenced in, on"
                    + " the stream session that was reconciled in that epoch"),
    STALE_STREAMS_COUNT_FOR_NOTHING("Appending: acks count only within the current stream session"),
    PROMISE_OF_A_FENCE(
            "Ownership 3: after a fence nothing of a lower epoch is accepted or acknowledged, and"
                    + " the LEO answered covers every acknowledgement ever sent"),
    LOG_IS_GIVEN_UP_FOR_A_REASON(
            "Storage nodes: a replica needs a new incarnation only when it may have lost what it"
                    + " acknowledged"),
    NOTHING_SOUND_IS_CALLED_CORRUPT(
            "Storage nodes: no log is emptied or condemned for what is no proof of rot: no"
                    + " descriptors, no permission, no space, no memory"),
    ACKNOWLEDGED_SURVIVES_POWER_LOSS(
            "What acks means: under fsync a replica acknowledges after fdatasync"),
    EVERYTHING_ENDS("Invariant 8: every request is answered, all replicas agree, recovery ends"),
    ERRORS_SAY_WHAT_THEIR_TABLE_ALLOWS(
            "Acknowledgement: an error says of the records what its row in the table allows"),
    NO_INTERNAL_ERROR("style.md: a broken invariant inside the system is a bug of the system");

    private final String source;

    Invariant(String source) {
        this.source = source;
    }

    /** Where the invariant comes from, in words. */
    public String source() {
        return source;
    }
}
