package io.ackgate.gateway.metrics;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.partition.PartitionEvent.StopCause;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts who came too late because somebody else is in charge by now. Any thread. */
@Singleton
class FencedMetrics {
    private final Map<Reason, Counter> fenced = new EnumMap<>(Reason.class);
    private final Map<StopCause, Counter> stops = new EnumMap<>(StopCause.class);

    /** Who came too late, and for what. */
    private enum Reason {
        /** This gateway, for a partition: a storage node is in a higher epoch. */
        LEADER_EPOCH,
        /** This gateway, for a partition: the metadata store names another owner. */
        SUPERSEDED,
        /** A batch, of a producer epoch that is over. */
        PRODUCER_EPOCH,
        /** A batch, for a partition that this gateway does not own, or not any more. */
        NOT_LEADER,
        /** A commit: one that was read in a higher epoch is stored. */
        COMMIT_EPOCH
    }

    FencedMetrics(MeterRegistry registry) {
        for (Reason reason : Reason.values()) {
            fenced.put(
                    reason,
                    Counter.builder("ackgate.fenced")
                            .description(
                                    "Partitions given up, and batches and commits refused, because"
                                            + " another owner, producer or reader is in charge")
                            .tag("reason", label(reason))
                            .register(registry));
        }
        for (StopCause cause : StopCause.values()) {
            stops.put(
                    cause,
                    Counter.builder("ackgate.partition.stops")
                            .description("Times that this gateway gave a partition up")
                            .tag("reason", label(cause))
                            .register(registry));
        }
    }

    /** An enum's constant as Prometheus users write values. */
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** This gateway has given a partition up. */
    void stopped(StopCause cause) {
        increment(stops, cause);
        switch (cause) {
            case FENCED -> increment(fenced, Reason.LEADER_EPOCH);
            case SUPERSEDED -> increment(fenced, Reason.SUPERSEDED);
            case LEADER_LOST, RESIGNED -> {}
        }
    }

    /** A batch or a commit was refused. */
    void refused(ErrorCode code) {
        if (code == ErrorCode.INVALID_PRODUCER_EPOCH) {
            increment(fenced, Reason.PRODUCER_EPOCH);
        } else if (code == ErrorCode.NOT_LEADER_OR_FOLLOWER) {
            increment(fenced, Reason.NOT_LEADER);
        } else if (code == ErrorCode.FENCED_LEADER_EPOCH) {
            increment(fenced, Reason.COMMIT_EPOCH);
        }
    }

    private static <E> void increment(Map<E, Counter> counters, E which) {
        Counter counter = counters.get(which);
        if (counter != null) {
            counter.increment();
        }
    }
}
