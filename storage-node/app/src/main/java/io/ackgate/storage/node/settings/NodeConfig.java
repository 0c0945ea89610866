package io.ackgate.storage.node.settings;

import io.ackgate.process.ApiBrowsing;
import io.ackgate.process.log.LogFormat;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings of a storage node as they were given; {@link NodeSettings} has them checked. Those
 * that a gateway has too have the same names there.
 */
@ConfigMapping(prefix = "ackgate")
public interface NodeConfig {
    /**
     * Host or address that the process listens on, with all its ports. Where gateways reach a node
     * is said to them, by ackgate.storage.nodes.
     */
    @WithDefault("127.0.0.1")
    String listen();

    /**
     * Port there of the gRPC server, 0 to 65535; 0 takes any that is free. Health and metrics have
     * quarkus.http.port.
     */
    @WithDefault("9090")
    int listenPort();

    /**
     * Id of the cluster that the node belongs to. By default it belongs to the cluster of the first
     * gateway that reaches it; it keeps the id in its data directory, and refuses gateways of other
     * clusters. Kafka's cluster.id.
     */
    Optional<String> clusterId();

    /**
     * Whether gRPC reflection is on, which shows the API to whoever looks around: loopback, only
     * where ackgate.listen is a loopback address; on; off.
     */
    @WithDefault("loopback")
    ApiBrowsing apiBrowsing();

    Log log();

    /** What the process prints. */
    interface Log {
        /** How lines of the log are written: text for people, or one JSON object a line. */
        @WithDefault("text")
        LogFormat format();
    }

    Node node();

    /** What only storage nodes have. */
    interface Node {
        /**
         * Number of the node, unique in the cluster, 1 or more. Required: no two nodes may share
         * one. Kafka's node.id.
         */
        OptionalInt id();

        /** Directory of all data; {@code data/node-<id>} unless given. Kafka's log.dirs. */
        Optional<String> dataDir();

        /** Threads that read and write sockets, 1 to 64. Kafka's num.network.threads. */
        @WithDefault("1")
        int ioThreads();

        /** Largest frame that is taken, 64K to a quarter of a journal file. */
        @WithDefault("16M")
        MemorySize maxFrameSize();

        /**
         * Bytes of a gateway's requests that are handled or wait for a sync at a time, 1M to 4G.
         */
        @WithDefault("64M")
        MemorySize maxPendingSize();

        /** The journal that all replicas share. */
        JournalConfig journal();

        /** The search for rot in what the node holds. */
        ScrubConfig scrub();
    }

    /** How the journal is kept. */
    interface JournalConfig {
        /** Size of a journal file, 1M to 1G, a multiple of 4K. */
        @WithDefault("64M")
        MemorySize fileSize();

        /** Journal files that are kept to be used again, 2 to 1024. */
        @WithDefault("16")
        int keptFiles();

        /**
         * Journal written since the last checkpoint that starts the next one, 1M to 64G; at twice
         * as much appends wait for it.
         */
        @WithDefault("1G")
        MemorySize checkpointSize();

        /**
         * Batches in the journal since the last checkpoint that start the next one, 1000 to
         * 10000000; a start after a crash keeps 24 bytes of each in memory.
         */
        @WithDefault("1000000")
        int checkpointBatches();

        /** Time after which a checkpoint is made if anything was written, 1s to 1h. */
        @WithDefault("60s")
        Duration checkpointInterval();
    }

    /** How rot is looked for. */
    interface ScrubConfig {
        /** Bytes of the logs that are read and checked a second, 64K to 1G; 0 for none. */
        @WithDefault("4M")
        MemorySize rate();

        /**
         * Time from the beginning of one round over all logs to that of the next, at least, 1m to
         * 30d.
         */
        @WithDefault("24h")
        Duration interval();
    }
}
