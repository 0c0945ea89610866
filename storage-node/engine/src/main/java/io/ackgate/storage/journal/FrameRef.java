package io.ackgate.storage.journal;

/**
 * A frame that the journal holds.
 *
 * @param generation of the journal file
 * @param position of the frame in the file, bytes
 * @param length of the frame, bytes
 * @param frameCrc the frame's checksum, which tells it from every other
 * @param baseOffset offset of its first record
 * @param nextOffset offset after its last record
 */
public record FrameRef(
        long generation,
        int position,
        int length,
        int frameCrc,
        long baseOffset,
        long nextOffset) {}
