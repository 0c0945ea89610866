package io.ackgate.gateway.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.Optional;

/** What holds for all topics. */
public interface TopicConfig {
    /** Partitions of all topics together; beyond them new ones are refused. 1 to 10000000. */
    @WithDefault("200000")
    int maxTotalPartitions();

    Defaults defaults();

    /**
     * What a topic is that does not say, by the names of a topic's settings. Stored with a topic
     * when it is created, so that a change here changes no topic that is there.
     */
    interface Defaults {
        /** Partitions of a new topic that does not say how many. Kafka's num.partitions. */
        @WithDefault("1")
        int partitions();

        /** Replicas likewise. Kafka's default.replication.factor. */
        @WithName("replication.factor")
        @WithDefault("3")
        int replicationFactor();

        /**
         * The setting of that name of a new topic that does not say; of a topic with fewer replicas
         * all of them. Kafka's min.insync.replicas.
         */
        @WithName("min.insync.replicas")
        Optional<String> minInsyncReplicas();

        /** Likewise. Kafka's message.max.bytes. */
        @WithName("max.message.bytes")
        Optional<String> maxMessageBytes();

        /** Likewise. Kafka's log.retention.ms. */
        @WithName("retention.ms")
        Optional<String> retentionMs();

        /** Likewise. Kafka's log.retention.bytes. */
        @WithName("retention.bytes")
        Optional<String> retentionBytes();

        /** Likewise. Kafka's log.segment.bytes. */
        @WithName("segment.bytes")
        Optional<String> segmentBytes();

        /** Likewise. Kafka's log.roll.ms. */
        @WithName("segment.ms")
        Optional<String> segmentMs();

        /** Likewise. Kafka's producer.id.expiration.ms. */
        @WithName("producer.id.expiration.ms")
        Optional<String> producerIdExpirationMs();

        /** Likewise, for the topic's ackgate.durability. */
        Optional<String> durability();

        /** Likewise, for the topic's ackgate.default.acks. */
        @WithName("default.acks")
        Optional<String> defaultAcks();

        /** Likewise, for the topic's ackgate.min.acks. */
        @WithName("min.acks")
        Optional<String> minAcks();
    }
}
