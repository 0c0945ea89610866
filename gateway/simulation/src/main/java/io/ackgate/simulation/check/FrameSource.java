package io.ackgate.simulation.check;

import java.nio.ByteBuffer;

/** Gives the frames of a replica's log from an offset on. */
@FunctionalInterface
public interface FrameSource {
    ByteBuffer framesFrom(long offset);
}
