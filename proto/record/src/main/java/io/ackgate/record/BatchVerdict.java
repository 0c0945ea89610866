package io.ackgate.record;

/** What {@link BatchValidator} thinks of the bytes that a client sent as one batch. */
public sealed interface BatchVerdict {
    /**
     * The batch may be stamped and appended as it is. The accessors of {@link RecordBatch} tell the
     * rest.
     *
     * @param recordCount how many offsets it takes, 1 or more
     * @param sizeInBytes bytes of the batch, header included
     * @param compression how its records are compressed
     */
    record Valid(int recordCount, int sizeInBytes, Compression compression)
            implements BatchVerdict {}

    /**
     * The batch must not be appended; nothing was written.
     *
     * @param reason to decide by
     * @param detail to read: what was found and what is allowed
     */
    record Invalid(Reason reason, String detail) implements BatchVerdict {}

    /** What can be wrong with a batch, in the order in which it is looked for. */
    enum Reason {
        /** Fewer bytes than a header, or a length field that is not that of the bytes given. */
        LENGTH,
        /** Not version 2 of the layout. */
        MAGIC,
        /** More bytes than the topic takes in one batch, or more records than are decompressed. */
        TOO_LARGE,
        /** The checksum does not fit: the bytes have changed on their way. */
        CRC,
        /** Compressed in a way that does not exist. */
        COMPRESSION,
        /** Transactional, a control batch, timestamps of append, or a bit that means nothing. */
        ATTRIBUTES,
        /** No record, or not as many as offsets. */
        RECORD_COUNT,
        /** Producer id, epoch and sequence are neither all set nor all unset. */
        PRODUCER,
        /** A timestamp is negative, too late, or not the greatest where it says so. */
        TIMESTAMP,
        /** A record breaks the layout, its offset is out of line, or it is one too few or many. */
        RECORD,
        /** The records do not decompress. */
        NOT_DECOMPRESSED
    }
}
