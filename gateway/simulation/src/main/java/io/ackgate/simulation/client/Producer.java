package io.ackgate.simulation.client;

/** A source of batches. */
public interface Producer {
    /**
     * Nothing more is going to be sent for the first time; what is under way is brought to its end.
     */
    void finish();

    /** Whether everything has ended. */
    boolean isDone();

    /** Gives up: nobody can serve its partition any more. */
    void abandon();
}
