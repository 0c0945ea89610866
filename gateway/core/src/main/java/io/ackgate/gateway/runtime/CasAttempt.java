package io.ackgate.gateway.runtime;

import io.ackgate.gateway.metadata.MetadataStore;
import io.ackgate.gateway.metadata.MetadataStore.Outcome;
import io.ackgate.gateway.metadata.codec.PartitionStateCodec;
import io.ackgate.gateway.partition.PartitionInput;
import org.jspecify.annotations.Nullable;

/**
 * A compare-and-set under way. Its partition hears of it exactly once: what the store says, or that
 * it has not said it in time. Confined to the partition's thread.
 */
final class CasAttempt {
    private final HostedPartition host;
    private final int life;
    private final long number;
    private boolean told;

    CasAttempt(HostedPartition host, long number) {
        this.host = host;
        this.life = host.life();
        this.number = number;
    }

    /** The time is up. */
    void timedOut() {
        if (!told) {
            told = true;
            if (askerLives()) {
                host.step(new PartitionInput.CasUnknown(number));
            }
        }
    }

    /** Whether the partition that asked is still the one that is stepped. */
    private boolean askerLives() {
        return host.life() == life;
    }

    boolean isTold() {
        return told;
    }

    /** What the store said, on its way to the partition. */
    Work answer(@Nullable Outcome outcome, @Nullable Throwable failure) {
        return new Work() {
            @Override
            void run(PartitionThread thread) {
                if (!told && thread.hosts(host) && askerLives()) {
                    told = true;
                    tell(thread, failure == null ? outcome : null);
                }
            }

            @Override
            void refuse() {
                // The partition has let go and waits for nothing.
            }
        };
    }

    private void tell(PartitionThread thread, @Nullable Outcome outcome) {
        switch (outcome) {
            case null -> host.step(new PartitionInput.CasUnknown(number));
            case Outcome.Applied(long version) ->
                    host.step(new PartitionInput.CasApplied(number, version));
            case Outcome.Refused(var current) -> {
                if (current.version() == MetadataStore.ABSENT) {
                    thread.forget(host.id, "its topic was deleted");
                } else {
                    host.step(
                            new PartitionInput.CasRefused(
                                    number,
                                    current.version(),
                                    PartitionStateCodec.decode(current.value())));
                }
            }
        }
    }
}
