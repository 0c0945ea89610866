package io.ackgate.gateway.config;

import io.ackgate.gateway.partition.PartitionSettings;
import io.ackgate.gateway.runtime.RuntimeSettings;
import io.quarkus.runtime.configuration.MemorySize;

/** The settings of what is behind the edge, from those of the process. */
public final class CoreSettings {
    private CoreSettings() {}

    /** From settings that {@link SettingsCheck} has found nothing wrong with. */
    public static RuntimeSettings of(AckgateConfig config) {
        RuntimeSettings defaults = RuntimeSettings.defaults();
        AckgateConfig.Partitions partitions = config.partitions();
        return new RuntimeSettings(
                        partitions.threads().orElse(defaults.threads()),
                        config.produce()
                                .memory()
                                .map(MemorySize::asLongValue)
                                .orElse(defaults.maxInFlightBytes()),
                        partitions.maxPendingRequests(),
                        defaults.reads(),
                        config.read()
                                .memory()
                                .map(MemorySize::asLongValue)
                                .orElse(defaults.readMemoryBytes()),
                        defaults.tickNanos(),
                        defaults.casTimeoutNanos(),
                        defaults.retryLeastNanos(),
                        defaults.retryMostNanos(),
                        partition(partitions))
                .withUncleanWhenAllAnswered(
                        config.unclean().leader().election()
                                == AckgateConfig.UncleanElection.WHEN_ALL_ANSWERED);
    }

    private static PartitionSettings partition(AckgateConfig.Partitions partitions) {
        PartitionSettings defaults = PartitionSettings.DEFAULTS;
        return new PartitionSettings(
                defaults.minInsyncReplicas(),
                defaults.replica(),
                partitions.replicaLagTimeMax().toNanos(),
                partitions.disconnectGrace().toNanos(),
                defaults.fencePatienceNanos(),
                defaults.fenceLastResortNanos(),
                partitions.takeoverTimeout().toNanos(),
                defaults.casRetryNanos(),
                (int) partitions.maxPendingSize().asLongValue(),
                defaults.maxInFlightBytes(),
                defaults.maxReadBytes(),
                defaults.maxFetchBytes());
    }
}
