package io.ackgate.simulation.check;

/** Why nothing is promised of a partition any more. None of it is an owner's own doing. */
public enum VoidReason {
    /** All that an ISR rested on was the page caches of machines that lost their power. */
    POWER_LOST("every member of a stored ISR lost its power and kept records in its page cache"),
    /** Faults of other kinds, or of several, took every member of an ISR. */
    DISKS_LOST("every member of a stored ISR lost its log"),
    /**
     * The owner took members for reconciled that had just lost their logs, and dropped the rest.
     */
    UNHEARD_LOSS(
            "an ISR shrank to members that were reconciled on streams whose end their owner had not"
                    + " heard of"),
    /** As before, and a disk had decayed without anybody's knowledge. */
    UNNOTICED_DECAY("an ISR shrank to members that were reconciled, one of them on a decayed disk");

    private final String text;

    VoidReason(String text) {
        this.text = text;
    }

    /** What happened, in words. */
    public String text() {
        return text;
    }
}
