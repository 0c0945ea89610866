/**
 * The bytes of a record batch: Kafka's RecordBatch v2 and the frame in which it travels and rests.
 *
 * <p>Place in the flow: plain records become a batch once, at the gateway's edge or in the client
 * ({@link io.ackgate.record.RecordBatchBuilder}); a batch that a client built is checked by {@link
 * io.ackgate.record.BatchValidator}, and its records by {@link io.ackgate.record.CompressedRecords}
 * if they are compressed; the partition's owner stamps offset, leader epoch and identity onto it
 * ({@link io.ackgate.record.BatchFrame}); storage nodes verify the same frame on arrival, on
 * recovery and on reads; {@link io.ackgate.record.RecordBatchReader} turns it into records again at
 * the edge. In between nothing decodes or encodes it.
 *
 * <p>The layout of every byte, with golden vectors, is in {@code proto/docs/batch-format.md}.
 *
 * <p>Contract of the package:
 *
 * <ul>
 *   <li>Pure: no clock, no random, no I/O; it sees {@code java.lang}, {@code java.util}, {@code
 *       java.nio}, {@code java.util.zip}, JSpecify and a library that decompresses blocks only.
 *   <li>All numbers are big endian. A {@link java.nio.ByteBuffer} that is given in another byte
 *       order is a bug of the caller and is refused with {@link IllegalArgumentException}.
 *   <li>A buffer that is only read keeps its position and limit, so that one buffer may be read by
 *       many threads.
 *   <li>Bytes that came from outside never cause an exception other than the documented ones: a
 *       verdict tells what is wrong with them, or {@link
 *       io.ackgate.record.UnreadableBatchException} does.
 *   <li>Classes with instances are confined to one thread; static methods may be called from any.
 * </ul>
 */
@NullMarked
package io.ackgate.record;

import org.jspecify.annotations.NullMarked;
