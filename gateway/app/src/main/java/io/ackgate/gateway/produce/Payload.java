package io.ackgate.gateway.produce;

import io.ackgate.gateway.failure.Failure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The records of a {@link ProduceCommand}. */
public sealed interface Payload {
    /**
     * Records that become batches here. A listener shows those that it has received, by their
     * index: no object is made per record. What is given out is not written to, and is read at
     * once.
     */
    non-sealed interface Records extends Payload {
        /** How many there are; none is refused. */
        int count();

        /** The key; null if there is none. */
        @Nullable ByteBuffer key(int index);

        /** The value; null if there is none. */
        @Nullable ByteBuffer value(int index);

        /** Bytes of key and value. */
        int contentBytes(int index);

        /** Its timestamp, milliseconds since 1970, or {@code unset} if it brings none. */
        long timestampMillis(int index, long unset);

        /** Headers of a record. */
        int headerCount(int index);

        /** A header's key in UTF-8. */
        ByteBuffer headerKey(int index, int header);

        /** A header's value; null if there is none. */
        @Nullable ByteBuffer headerValue(int index, int header);

        /** Bytes of a header's key and value. */
        int headerBytes(int index, int header);
    }

    /** A batch that was built by the caller: a RecordBatch v2 from position to limit. */
    record Batch(ByteBuffer bytes) implements Payload {}

    /** What the listener could not make out; the request is refused with it. */
    record Unclear(Failure failure) implements Payload {}
}
