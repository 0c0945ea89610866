package io.ackgate.gateway.config;

import io.ackgate.process.ApiBrowsing;
import io.ackgate.process.log.LogFormat;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Every setting of the gateway process. Bounds are checked at start by {@link SettingsCheck}, which
 * says what was given and what is allowed.
 */
@ConfigMapping(prefix = "ackgate")
public interface AckgateConfig {
    /** What this process is made of. */
    enum Mode {
        /** Everything: gateway, embedded metadata and, unless storage nodes are named, replicas. */
        STANDALONE
    }

    /** What this process is made of. */
    @WithDefault("standalone")
    Mode mode();

    /**
     * Host or address that the process listens on, for gRPC and all of HTTP; storage nodes have the
     * same setting.
     */
    @WithDefault("127.0.0.1")
    String listen();

    /** Port there, 0 to 65535; 0 takes any that is free. */
    @WithDefault("8080")
    int listenPort();

    /**
     * host:port that clients are told to use; by default what the gateway listens on. Must be given
     * where it listens on all addresses (0.0.0.0), to which nobody can be sent. Kafka's
     * advertised.listeners.
     */
    Optional<String> advertisedAddress();

    /**
     * Id of the cluster, 1 to 64 of A-Z a-z 0-9 . _ -. By default the first start of the gateway
     * makes one, which its metadata keep. Storage nodes of other clusters are refused, and refuse.
     * Kafka's cluster.id.
     */
    Optional<String> clusterId();

    /**
     * Whether Swagger UI and gRPC reflection are on, which show the API to whoever looks around:
     * loopback, only where ackgate.listen is a loopback address; on; off.
     */
    @WithDefault("loopback")
    ApiBrowsing apiBrowsing();

    Log log();

    /** What the process prints. */
    interface Log {
        /**
         * How lines of the log are written: text for people, or one JSON object a line. Storage
         * nodes have the same setting.
         */
        @WithDefault("text")
        LogFormat format();
    }

    Admin admin();

    Data data();

    Metadata metadata();

    Offsets offsets();

    Storage storage();

    Produce produce();

    /** The REST side. */
    interface Admin {
        /**
         * Names by which the gateway is reached, beside its advertised one, IP addresses, names
         * without a dot and those of services in Kubernetes; requests for other hosts are refused.
         */
        Optional<List<String>> hosts();
    }

    Unclean unclean();

    /** What may lead when no in-sync replica is there. */
    interface Unclean {
        Leader leader();
    }

    /** How a leader is found then. */
    interface Leader {
        /**
         * Whether a replica that is not in sync may lead, for topics that do not set
         * unclean.leader.election: false, or when-all-answered. Records may be lost by it. Kafka's
         * unclean.leader.election.enable.
         */
        @WithDefault("false")
        UncleanElection election();
    }

    /** Whether a replica that is not in sync may lead. */
    enum UncleanElection {
        /** Only when an operator says so. */
        FALSE,
        /** When all assigned replicas have answered and none of the ISR is among them. */
        WHEN_ALL_ANSWERED
    }

    /** Where things rest. */
    interface Data {
        /**
         * Holds the metadata and, in one process with them, the logs of all replicas. Kafka's
         * log.dirs.
         */
        @WithDefault("data")
        Path dir();
    }

    /** Topics, states of partitions and committed offsets. */
    interface Metadata {
        /** Where they rest. */
        enum Store {
            /** In the data directory of this gateway. */
            EMBEDDED,
            /** In etcd 3.4 or later, beside what else it holds. */
            ETCD
        }

        /**
         * Where topics, states of partitions and committed offsets rest: embedded in the data
         * directory of the gateway, or in etcd.
         */
        @WithDefault("embedded")
        Store store();

        Etcd etcd();

        /**
         * What topics and committed offsets may fill in memory; 1 MiB or more. An eighth more is
         * kept for changes of what is there. Above it new ones are refused.
         */
        @WithDefault("128M")
        MemorySize maxSize();
    }

    /** How etcd is reached, where ackgate.metadata.store is etcd. */
    interface Etcd {
        /** host:port of the members of etcd. */
        @WithDefault("127.0.0.1:2379")
        List<String> endpoints();

        /** What all keys of this cluster begin with, and no others; ends with a slash. */
        @WithDefault("/ackgate/")
        String prefix();

        /** Who the gateway is to etcd, where it asks; with ackgate.metadata.etcd.password. */
        Optional<String> user();

        /** What ackgate.metadata.etcd.user is known by. */
        Optional<String> password();

        Tls tls();

        /** After which a request to etcd counts as unknown; 100 ms to 1 minute. */
        @WithDefault("5s")
        Duration requestTimeout();

        /**
         * How long another gateway waits for this one when it is not heard of, and how long etcd
         * may be away before this one stops: full seconds, 2 s to 10 minutes.
         */
        @WithDefault("10s")
        Duration lease();
    }

    /** Encryption of what goes to etcd. */
    interface Tls {
        /** Whether the connections to etcd use TLS. */
        @WithDefault("false")
        boolean enabled();

        /** Certificates that etcd's is signed by, a PEM file; those of the system without it. */
        Optional<Path> ca();

        /** Certificate by which etcd knows the gateway, a PEM file; with its key. */
        Optional<Path> certificate();

        /** Key of ackgate.metadata.etcd.tls.certificate: a PEM file, PKCS#8. */
        Optional<Path> key();
    }

    /** What consumer groups have committed. */
    interface Offsets {
        /**
         * How long the offsets of a group are kept after its last commit in any partition; 1 minute
         * or more. Kafka's offsets.retention.minutes.
         */
        @WithDefault("7d")
        Duration retention();

        /** Groups that have committed offsets; beyond them a new one is refused. 1 to 1000000. */
        @WithDefault("10000")
        int maxGroups();

        /**
         * Offsets of all groups, one per group and partition; beyond them likewise. 1 to 10000000.
         */
        @WithDefault("100000")
        int maxPositions();
    }

    /** The replicas. */
    interface Storage {
        /**
         * host:port of each storage node, in the order of their ids, 1 first. By default there are
         * none, and the replicas live in this process.
         */
        Optional<List<String>> nodes();
    }

    TopicConfig topic();

    HttpConfig http();

    Partitions partitions();

    /** Bounds and timeouts of the partitions that this gateway owns. */
    interface Partitions {
        /** Threads that serve partitions, 1 to 256; by default one per processor. */
        OptionalInt threads();

        /**
         * Produce requests that wait for their answer, reads that wait for records, and reads that
         * are under way: of each kind so many, above it they are refused. 1000 to 10000000.
         */
        @WithDefault("200000")
        int maxPendingRequests();

        /**
         * Batches of one partition that not all of its in-sync replicas have; above it requests are
         * refused. 1M to 1G.
         */
        @WithDefault("32M")
        MemorySize maxPendingSize();

        /**
         * How long an in-sync replica may be behind the end of the log before it is one no more; 1s
         * to 1h. Kafka's replica.lag.time.max.ms.
         */
        @WithDefault("30s")
        Duration replicaLagTimeMax();

        /**
         * How long a storage node may be gone before its replicas are in sync no more; 50ms to 1m.
         * What acks=all writes waits as long.
         */
        @WithDefault("300ms")
        Duration disconnectGrace();

        /** How long taking a partition over may last before it is tried anew; 5s to 10m. */
        @WithDefault("10s")
        Duration takeoverTimeout();
    }

    Shutdown shutdown();

    /** How the process ends when it is told to. */
    interface Shutdown {
        /**
         * How long requests that were taken may take to be answered, from SIGTERM on; 1 s to 1 h.
         * What is left then is answered with its write status, and the process ends a moment later.
         * Keep it some seconds below Kubernetes' terminationGracePeriodSeconds, which is 30.
         */
        @WithDefault("25s")
        Duration timeout();

        /**
         * How long of that everything is served as before while the process says that it is not
         * ready, so that load balancers send nobody here any more; 0 to the timeout. 5s behind a
         * Kubernetes service.
         */
        @WithDefault("0s")
        Duration delay();
    }

    Read read();

    /** How records are given. */
    interface Read {
        /**
         * What may be read for consumers and not be taken by them yet, over all of them, bytes; 32
         * MiB or more. While it is used up no storage node is asked for more: readers wait for
         * their turn, and those that take nothing for long are cut off in favour of others. By
         * default a quarter of the heap.
         */
        Optional<MemorySize> memory();
    }

    /** How records are taken. */
    interface Produce {
        /** How long a request waits for its acknowledgement when it does not say; 1 ms or more. */
        @WithDefault("30s")
        Duration timeout();

        /**
         * Batches that wait in queues or for in-sync replicas, over all partitions, bytes; 32 MiB
         * or more. Above it requests are refused. By default an eighth of the heap. As many more
         * may wait until compressed batches are opened.
         */
        Optional<MemorySize> memory();

        Stream stream();
    }

    /** Bounds of one stream of requests. */
    interface Stream {
        /** Requests that are not answered yet; beyond them the stream is not read. 1 to 100000. */
        @WithDefault("1024")
        int maxInFlightRequests();

        /** Bytes of batches that are not answered yet; beyond them likewise. 1 MiB or more. */
        @WithDefault("32M")
        MemorySize maxInFlightBytes();
    }
}
