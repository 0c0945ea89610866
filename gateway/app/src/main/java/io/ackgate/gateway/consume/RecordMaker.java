package io.ackgate.gateway.consume;

import io.ackgate.record.RecordBatchReader;

/**
 * Makes what a listener gives its callers for a record, straight from the batch: nothing stands
 * between them that would have to be made for every record.
 *
 * @param <R> a record as the listener has it
 */
public interface RecordMaker<R> {
    /** Makes one of the record that the reader is at. It may share the reader's memory. */
    R make(RecordBatchReader at);

    /** What one that was made of the record takes in an answer, bytes. */
    int bytes(RecordBatchReader at, R made);
}
