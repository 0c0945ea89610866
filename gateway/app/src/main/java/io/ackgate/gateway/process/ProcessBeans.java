package io.ackgate.gateway.process;

import io.ackgate.gateway.config.AckgateConfig;
import io.ackgate.gateway.config.MisspeltSettings;
import io.ackgate.gateway.config.SettingsCheck;
import io.ackgate.gateway.health.ServedPartitions;
import io.ackgate.gateway.metrics.PartitionMetrics;
import io.ackgate.gateway.offsets.CommittedOffsets;
import io.ackgate.gateway.offsets.ConsumerGroups;
import io.ackgate.gateway.produce.Opening;
import io.ackgate.gateway.produce.ProduceMeter;
import io.ackgate.gateway.produce.Producing;
import io.ackgate.gateway.producer.ProducerIds;
import io.ackgate.gateway.runtime.GatewayRuntime;
import io.ackgate.gateway.topic.Topics;
import io.ackgate.storage.api.StorageNodes;
import io.ackgate.storage.runtime.OutOfMemoryExit;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Starts what is behind the edge before the port is opened, and gives the edge its parts. */
@ApplicationScoped
class ProcessBeans {
    private static final Logger LOG = Logger.getLogger(ProcessBeans.class);
    private static final long METRICS_SECONDS = 1;

    private final AckgateConfig config;
    private final StorageMetrics metrics;
    private @Nullable ScheduledFuture<?> refresh;
    private @Nullable ScheduledFuture<?> stalledReaders;

    ProcessBeans(AckgateConfig config, StorageMetrics metrics) {
        this.config = config;
        this.metrics = metrics;
    }

    @Produces
    @Singleton
    GatewayProcess process() {
        List<String> problems =
                new ArrayList<>(SettingsCheck.problems(config, setting("quarkus.http.host")));
        problems.addAll(MisspeltSettings.problems(ConfigProvider.getConfig()));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        MisspeltSettings.ofStorageNodes()
                .forEach(
                        name ->
                                LOG.warnf(
                                        "%s is a setting of storage nodes and has no effect here",
                                        name));
        try {
            return GatewayProcess.open(config, this::address, metrics);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** The port is known only once it is open. */
    private String address() {
        return config.advertisedAddress()
                .orElseGet(() -> setting("quarkus.http.host") + ":" + setting("quarkus.http.port"));
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }

    void start(
            @Observes StartupEvent event,
            GatewayProcess process,
            ServedPartitions served,
            PartitionMetrics partitionMetrics) {
        OutOfMemoryExit.install();
        process.start(List.of(served, partitionMetrics));
        refresh =
                Infrastructure.getDefaultWorkerPool()
                        .scheduleAtFixedRate(
                                partitionMetrics::refresh, 0, METRICS_SECONDS, TimeUnit.SECONDS);
        stalledReaders =
                Infrastructure.getDefaultWorkerPool()
                        .scheduleAtFixedRate(
                                process.runtime().readMemory()::look, 1, 1, TimeUnit.SECONDS);
    }

    void stop(@Observes ShutdownEvent event, GatewayProcess process) {
        if (refresh != null) {
            refresh.cancel(false);
        }
        if (stalledReaders != null) {
            stalledReaders.cancel(false);
        }
        process.stop(config.shutdown().timeout());
    }

    @Produces
    @Singleton
    ServedPartitions servedPartitions() {
        return new ServedPartitions();
    }

    @Produces
    @Singleton
    Topics topics(GatewayProcess process) {
        return process.topics();
    }

    @Produces
    @Singleton
    ProducerIds producerIds(GatewayProcess process) {
        return process.producerIds();
    }

    @Produces
    @Singleton
    CommittedOffsets committedOffsets(GatewayProcess process) {
        return process.committedOffsets();
    }

    @Produces
    @Singleton
    ConsumerGroups consumerGroups(GatewayProcess process) {
        return process.consumerGroups();
    }

    @Produces
    @Singleton
    GatewayRuntime runtime(GatewayProcess process) {
        return process.runtime();
    }

    @Produces
    @Singleton
    StorageNodes storageNodes(GatewayProcess process) {
        return process.storageNodes();
    }

    @Produces
    @Singleton
    NodeSwitch nodeSwitch(GatewayProcess process) {
        return process.nodeSwitch();
    }

    @Produces
    @Singleton
    Producing producing(
            Topics topics,
            GatewayRuntime runtime,
            ServedPartitions served,
            Opening opening,
            ProduceMeter meter) {
        return new Producing(
                topics,
                runtime,
                served::contains,
                config.produce().timeout(),
                opening,
                meter,
                InstantSource.system(),
                System::nanoTime);
    }
}
