/**
 * The journal of a data directory: every durable change of every replica, group-committed.
 *
 * <p>One {@code fdatasync} per group makes the appends, fences and truncations of all partitions
 * durable at once, so that the cost of {@code fsync} does not grow with the number of partitions
 * (ADR 0004). The journal is read only by recovery; what it holds is void once a checkpoint says
 * that the segments hold it too, and its files are used again.
 *
 * <p>Layout. {@code journal/<generation>.log} are preallocated files, written in the order of their
 * generations. A file is a row of groups, each at a block boundary so that no block that holds
 * synced bytes is ever written again:
 *
 * <pre>
 *  0 u32 magic                     24 i64 durable generation    48 i32 records
 *  4 u32 crc32c of bytes 8..56     32 i32 durable offset        52 u32 crc32c of the records' heads
 *  8 i64 generation                36 i32 follows offset        56 ... records
 * 16 i32 offset in the file        40 i64 follows generation
 * 20 i32 length, header included
 * </pre>
 *
 * <p>"Durable" is the end of what was known to be synced when the group was written, and tells a
 * torn tail from damage: a group that cannot be read although a later one says it had been synced
 * was not torn, it was damaged. "Follows" is the end of the group before it: after a failed sync
 * the journal goes on in another file, and what the failed sync may have left behind is followed by
 * none.
 *
 * <p>A record is its length, its type, the length of its head, the partition, and what its type
 * adds. The head of an append names the frame behind it by its offsets and its checksum, which
 * covers the rest: no bit of a frame can keep the records beside it from being read.
 */
@NullMarked
package io.ackgate.storage.journal;

import org.jspecify.annotations.NullMarked;
