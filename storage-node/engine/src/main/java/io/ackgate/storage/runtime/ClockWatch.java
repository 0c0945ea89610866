package io.ackgate.storage.runtime;

import io.ackgate.storage.engine.NodeClock;
import io.ackgate.storage.engine.NodeTime;
import java.lang.System.Logger.Level;

/** Reads the clock, and writes down when the wall clock jumps and when it is believed again. */
final class ClockWatch {
    private static final System.Logger LOG = System.getLogger(ClockWatch.class.getName());

    private final String node;
    private final NodeClock clock;
    private long toldMillis;

    ClockWatch(String node, NodeClock clock) {
        this.node = node;
        this.clock = clock;
    }

    NodeTime now() {
        NodeTime now = clock.now();
        long jump = clock.jumpMillis();
        if (jump != toldMillis) {
            tell(jump);
            toldMillis = jump;
        }
        return now;
    }

    private void tell(long jumpMillis) {
        if (jumpMillis == 0) {
            LOG.log(Level.WARNING, "{0}: the wall clock is believed again", node);
            return;
        }
        LOG.log(
                Level.WARNING,
                "{0}: the wall clock has jumped by {1,number,#} ms. Nothing is deleted or expired"
                    + " by it unless it stands for {2,number,#} ms; set it right if it is wrong",
                node,
                jumpMillis,
                NodeClock.STANDING_MILLIS);
    }

    /** See {@link NodeClock#jumpMillis}. */
    long jumpMillis() {
        return clock.jumpMillis();
    }
}
