package io.ackgate.client.cli;

import io.ackgate.client.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Where `produce` gets its records from. */
interface RecordSource {
    /**
     * The next record; null behind the last.
     *
     * @throws CommandFailure if the next line is no record; names the line
     */
    @Nullable ProducerRecord next();
}
