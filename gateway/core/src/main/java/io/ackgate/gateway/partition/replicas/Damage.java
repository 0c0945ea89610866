package io.ackgate.gateway.partition.replicas;

import io.ackgate.storage.api.Incarnation;

/**
 * Which logs of a replica are damaged, as far as the owner of an epoch knows. What it knows of a
 * log matters while that log is the one that stands there. A node says so to each stream and in
 * each epoch, so this is forgotten with the epoch, or when the node takes it back.
 */
final class Damage {
    /** The log that its node calls damaged; NONE if it calls none so. */
    private Incarnation damagedLog = Incarnation.NONE;

    /** The log in which the owner has come to such bytes itself: its node may not know of them. */
    private Incarnation corruptLog = Incarnation.NONE;

    private String detail = "";

    /** Its node says of a log that a part of it is lost, and that all else in it is in use. */
    void isSaidOf(Incarnation log, String said) {
        damagedLog = log;
        detail = said;
    }

    /** A read of a log came to bytes that are not what they were. */
    void isReadIn(Incarnation log, String read) {
        corruptLog = log;
        detail = read;
    }

    /** A log is kept under another name, and is as damaged as before. */
    void goesOnAs(Incarnation log, Incarnation name) {
        damagedLog = log.equals(damagedLog) ? name : damagedLog;
        corruptLog = log.equals(corruptLog) ? name : corruptLog;
    }

    /** Its node takes back what it has said of a log; not what the owner has read itself. */
    void isTakenBackOf(Incarnation log) {
        if (damagedLog.equals(log)) {
            damagedLog = Incarnation.NONE;
        }
    }

    /** Whether a part of a log is lost. */
    boolean isIn(Incarnation log) {
        return !log.equals(Incarnation.NONE) && (log.equals(damagedLog) || log.equals(corruptLog));
    }

    /** What is wrong, as was said last; may be empty. */
    public String detail() {
        return detail;
    }
}
