package io.ackgate.record;

/** What {@link BatchFrame#verify} found at a position of a buffer. */
public sealed interface FrameVerdict {
    /**
     * A whole frame with the right checksums.
     *
     * @param frameLength bytes of the frame; the next one starts that many bytes further on
     */
    record Ok(int frameLength) implements FrameVerdict {}

    /**
     * What is there is the beginning of a frame and the buffer ends before it does: the tail of a
     * file or stream that is still to come, or that a crash cut. Never the result of a changed
     * byte, except in the first {@link BatchFrame#HEAD_BYTES} of a frame of which not even those
     * are there.
     *
     * @param bytesNeeded bytes from the start of the frame that are needed to say more: {@link
     *     BatchFrame#HEAD_BYTES} while the header is not whole, then the length of the frame
     */
    record Incomplete(int bytesNeeded) implements FrameVerdict {}

    /**
     * No frame, or one of which a byte has changed.
     *
     * @param defect what is wrong, to decide by
     * @param detail what is wrong, to read
     */
    record Corrupt(Defect defect, String detail) implements FrameVerdict {}

    /** What can be wrong with a frame, in the order in which it is looked for. */
    enum Defect {
        /** The bytes do not start with {@link BatchFrame#MAGIC}: there is no frame here. */
        NOT_A_FRAME,
        /** The frame's version is not {@link BatchFrame#VERSION}. */
        UNSUPPORTED_VERSION,
        /** A flag is set that this version does not know. */
        UNSUPPORTED_FLAGS,
        /** The frame's checksum does not fit its header and its batch's header. */
        HEADER_CRC,
        /** The checksum fits, but the headers contradict each other: it was written wrongly. */
        CONTRADICTION,
        /** The batch's own checksum does not fit its bytes. */
        BATCH_CRC
    }
}
