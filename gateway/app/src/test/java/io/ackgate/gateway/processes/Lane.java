package io.ackgate.gateway.processes;

import io.ackgate.v1.InitProducerResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producer of one partition: which batch comes next. After a failure nothing new is
 * sent until everything under way is answered; then all that failed is sent again, in order.
 */
final class Lane {
    /** More may not be under way when sequences are to hold. */
    private static final int MAX_IN_FLIGHT = 5;

    private final Place place;
    private final Deque<Batch> inFlight = new ArrayDeque<>();
    private final List<Batch> failed = new ArrayList<>();
    private final Deque<Batch> again = new ArrayDeque<>();
    private InitProducerResponse session;
    private int nextSequence;
    private long nextNumber;

    Lane(Place place, InitProducerResponse session) {
        this.place = place;
        this.session = session;
    }

    Place place() {
        return place;
    }

    /**
     * What is to be sent now, in this order; from here on it is under way.
     *
     * @param more whether there is to be anything new
     */
    List<Batch> send(boolean more) {
        if (!failed.isEmpty()) {
            if (!inFlight.isEmpty()) {
                return List.of();
            }
            sendAgain(failed);
            failed.clear();
        }
        List<Batch> batches = new ArrayList<>(MAX_IN_FLIGHT);
        while (inFlight.size() < MAX_IN_FLIGHT && (more || !again.isEmpty())) {
            Batch batch = again.isEmpty() ? next() : again.remove();
            inFlight.add(batch);
            batches.add(batch);
        }
        return batches;
    }

    private Batch next() {
        Batch batch = new Batch(place, session, nextSequence, nextNumber, 1);
        nextSequence += Batch.RECORDS;
        nextNumber += Batch.RECORDS;
        return batch;
    }

    /**
     * The batch whose answer has to come next; null if there is none. It is no longer under way.
     */
    @Nullable Batch answered() {
        return inFlight.poll();
    }

    /** Whether a batch was refused, so that those behind it are out of order. */
    boolean hasFailed() {
        return !failed.isEmpty();
    }

    void failed(Batch batch) {
        failed.add(batch);
    }

    /**
     * The connection is lost: everything unanswered is sent again.
     *
     * @return how many batches had no answer
     */
    int connectionLost() {
        int unanswered = inFlight.size();
        List<Batch> all = new ArrayList<>(failed);
        all.addAll(inFlight);
        sendAgain(all);
        failed.clear();
        inFlight.clear();
        return unanswered;
    }

    private void sendAgain(List<Batch> batches) {
        List<Batch> all = new ArrayList<>(again);
        batches.forEach(batch -> all.add(batch.again()));
        all.sort(Comparator.comparingLong(Batch::firstNumber));
        again.clear();
        again.addAll(all);
    }

    /** Leaves what was not acknowledged as it is, and goes on as another producer. */
    void goOnAs(InitProducerResponse another) {
        again.clear();
        session = another;
        nextSequence = 0;
    }

    /** Whether everything that was sent is acknowledged or given up. */
    boolean isQuiet() {
        return inFlight.isEmpty() && failed.isEmpty() && again.isEmpty();
    }

    /** Every number below it was sent. */
    long nextNumber() {
        return nextNumber;
    }
}
