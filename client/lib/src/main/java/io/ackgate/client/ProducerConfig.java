package io.ackgate.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a producer under Kafka's names. An instance is free of contradictions: {@link
 * Builder#build()} refuses them with a message that names the settings, and never turns one off
 * silently.
 *
 * @param bootstrapServers {@code bootstrap.servers}: gateways as host:port, at least one. Default
 *     127.0.0.1:8080
 * @param acks {@code acks}. Default all
 * @param enableIdempotence {@code enable.idempotence}: a retry is recognised and not written again.
 *     Needs acks=all, retries above 0 and at most 5 batches in flight. Default true
 * @param linger {@code linger.ms}: how long a batch waits for company. Default 0: a batch grows
 *     only while those before it are under way
 * @param batchSizeBytes {@code batch.size}: a batch that reaches it is closed; a larger record gets
 *     a batch of its own. Default 131072
 * @param maxInFlight {@code max.in.flight.requests.per.connection}: batches of one partition that
 *     may be unanswered at a time, 1 or more. Default 5
 * @param retries {@code retries}: how often a batch is sent again, 0 or more. Default 2147483647;
 *     {@code delivery.timeout.ms} is what ends them
 * @param requestTimeout {@code request.timeout.ms}: how long the gateway may wait for the
 *     acknowledgement of one attempt. Default 30 s
 * @param deliveryTimeout {@code delivery.timeout.ms}: when the outcome of a record is told at the
 *     latest; at least linger.ms + request.timeout.ms. Default 120 s
 * @param retryBackoff {@code retry.backoff.ms}: wait before the first retry, doubled for each
 *     further one, give or take a fifth at random. Default 100 ms
 * @param retryBackoffMax {@code retry.backoff.max.ms}: the longest such wait. Default 1 s
 * @param bufferMemoryBytes {@code buffer.memory}: records that are not answered yet, at most 1 GiB.
 *     Default 33554432
 * @param maxBlock {@code max.block.ms}: how long a send with a callback waits for room in the
 *     buffer. Default 60 s
 * @param metadataMaxAge {@code metadata.max.age.ms}: how long what is known of a topic is believed.
 *     Default 300 s
 * @param compression {@code compression.type}: how the records of a batch are compressed, none,
 *     gzip, snappy, lz4 or zstd. {@code batch.size} counts them before. Default none
 * @param tls {@code security.protocol}: PLAINTEXT, or SSL with the files that {@link Tls} names;
 *     null is the former. Default PLAINTEXT
 * @param metrics hears what the producer does. Default {@link ProducerMetrics#NONE}
 * @param deadLetterHook called with every record that finally failed; null for none
 */
public record ProducerConfig(
        List<Endpoint> bootstrapServers,
        Acks acks,
        boolean enableIdempotence,
        Duration linger,
        int batchSizeBytes,
        int maxInFlight,
        int retries,
        Duration requestTimeout,
        Duration deliveryTimeout,
        Duration retryBackoff,
        Duration retryBackoffMax,
        int bufferMemoryBytes,
        Duration maxBlock,
        Duration metadataMaxAge,
        CompressionType compression,
        @Nullable Tls tls,
        ProducerMetrics metrics,
        @Nullable DeadLetterHook deadLetterHook) {
    private static final List<String> NAMES =
            List.of(
                    "acks",
                    "batch.size",
                    "bootstrap.servers",
                    "buffer.memory",
                    "compression.type",
                    "delivery.timeout.ms",
                    "enable.idempotence",
                    "linger.ms",
                    "max.block.ms",
                    "max.in.flight.requests.per.connection",
                    "metadata.max.age.ms",
                    "request.timeout.ms",
                    "retries",
                    "retry.backoff.max.ms",
                    "retry.backoff.ms",
                    "security.protocol",
                    "ssl.key.location",
                    "ssl.keystore.location",
                    "ssl.truststore.location");

    /** Idempotence remembers so many batches per partition. */
    public static final int MAX_IN_FLIGHT_WITH_IDEMPOTENCE = 5;

    public ProducerConfig {
        bootstrapServers = List.copyOf(bootstrapServers);
        if (enableIdempotence) {
            requireIdempotence(acks, maxInFlight, retries);
        }
        if (deliveryTimeout.compareTo(linger.plus(requestTimeout)) < 0) {
            throw new IllegalArgumentException(
                    "delivery.timeout.ms=%d is less than linger.ms=%d + request.timeout.ms=%d: an attempt could not even end; raise delivery.timeout.ms or lower the others"
                            .formatted(
                                    deliveryTimeout.toMillis(),
                                    linger.toMillis(),
                                    requestTimeout.toMillis()));
        }
        if (retryBackoffMax.compareTo(retryBackoff) < 0) {
            throw new IllegalArgumentException(
                    "retry.backoff.max.ms=%d is less than retry.backoff.ms=%d"
                            .formatted(retryBackoffMax.toMillis(), retryBackoff.toMillis()));
        }
        if (batchSizeBytes > bufferMemoryBytes) {
            throw new IllegalArgumentException(
                    "batch.size=%d is more than buffer.memory=%d: a batch could never fill"
                            .formatted(batchSizeBytes, bufferMemoryBytes));
        }
    }

    private static void requireIdempotence(Acks acks, int maxInFlight, int retries) {
        if (acks != Acks.ALL) {
            throw new IllegalArgumentException(
                    "acks=%s is at odds with enable.idempotence=true, which is the default and needs acks=all: set acks=all, or enable.idempotence=false"
                            .formatted(acks));
        }
        if (maxInFlight > MAX_IN_FLIGHT_WITH_IDEMPOTENCE) {
            throw new IllegalArgumentException(
                    "max.in.flight.requests.per.connection=%d is at odds with enable.idempotence=true, which remembers %d batches per partition: set it to at most %d, or enable.idempotence=false"
                            .formatted(
                                    maxInFlight,
                                    MAX_IN_FLIGHT_WITH_IDEMPOTENCE,
                                    MAX_IN_FLIGHT_WITH_IDEMPOTENCE));
        }
        if (retries == 0) {
            throw new IllegalArgumentException(
                    "retries=0 is at odds with enable.idempotence=true, which only serves retries:"
                            + " set retries above 0, or enable.idempotence=false");
        }
    }

    /** Starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Settings by name, the others at their defaults.
     *
     * @throws IllegalArgumentException if a name is unknown, a value is out of bounds, or settings
     *     contradict each other; the message names them
     */
    public static ProducerConfig of(Map<String, String> settings) {
        Builder builder = builder();
        settings.forEach(builder::set);
        return builder.build();
    }

    /** Collects settings; each is checked when it is set, and all of them together at the end. */
    public static final class Builder {
        private List<Endpoint> bootstrapServers = List.of(Endpoint.DEFAULT);
        private Acks acks = Acks.ALL;
        private boolean enableIdempotence = true;
        private Duration linger = Duration.ZERO;
        private int batchSizeBytes = 128 * 1024;
        private int maxInFlight = MAX_IN_FLIGHT_WITH_IDEMPOTENCE;
        private int retries = Integer.MAX_VALUE;
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration deliveryTimeout = Duration.ofMinutes(2);
        private Duration retryBackoff = Duration.ofMillis(100);
        private Duration retryBackoffMax = Duration.ofSeconds(1);
        private int bufferMemoryBytes = 32 * 1024 * 1024;
        private Duration maxBlock = Duration.ofSeconds(60);
        private Duration metadataMaxAge = Duration.ofMinutes(5);
        private CompressionType compression = CompressionType.NONE;
        private final TlsSettings tls = new TlsSettings();
        private ProducerMetrics metrics = ProducerMetrics.NONE;
        private @Nullable DeadLetterHook deadLetterHook;

        private Builder() {}

        /**
         * Sets one setting by Kafka's name.
         *
         * @throws IllegalArgumentException if the name is unknown or the value is out of bounds;
         *     the message says what is allowed
         */
        public Builder set(String name, String value) {
            SettingValue setting = new SettingValue(name, value.trim());
            switch (name) {
                case "bootstrap.servers" -> bootstrapServers = Endpoint.listOf(value);
                case "acks" -> acks = Acks.of(value);
                case "enable.idempotence" -> enableIdempotence = setting.asBoolean();
                case "linger.ms" -> linger = setting.asMillis(0);
                case "batch.size" -> batchSizeBytes = setting.asInt(1024, 64 << 20);
                case "max.in.flight.requests.per.connection" ->
                        maxInFlight = setting.asInt(1, 10_000);
                case "retries" -> retries = setting.asInt(0, Integer.MAX_VALUE);
                case "request.timeout.ms" -> requestTimeout = setting.asMillis(1);
                case "delivery.timeout.ms" -> deliveryTimeout = setting.asMillis(1);
                case "retry.backoff.ms" -> retryBackoff = setting.asMillis(1);
                case "retry.backoff.max.ms" -> retryBackoffMax = setting.asMillis(1);
                case "buffer.memory" -> bufferMemoryBytes = setting.asInt(1024, 1 << 30);
                case "max.block.ms" -> maxBlock = setting.asMillis(0);
                case "metadata.max.age.ms" -> metadataMaxAge = setting.asMillis(100);
                case "compression.type" -> compression = CompressionType.of(value);
                case "security.protocol" -> tls.protocol(setting);
                case "ssl.truststore.location", "ssl.keystore.location", "ssl.key.location" ->
                        tls.file(setting);
                default ->
                        throw new IllegalArgumentException(
                                "unknown setting '%s'; there are %s"
                                        .formatted(name, String.join(", ", NAMES)));
            }
            return this;
        }

        /** {@code bootstrap.servers}: host:port, several with commas. */
        public Builder bootstrapServers(String servers) {
            return set("bootstrap.servers", servers);
        }

        /** {@code acks}. */
        public Builder acks(Acks level) {
            acks = level;
            return this;
        }

        /** {@code enable.idempotence}. */
        public Builder enableIdempotence(boolean enabled) {
            enableIdempotence = enabled;
            return this;
        }

        /** {@code linger.ms}. */
        public Builder linger(Duration time) {
            return set("linger.ms", millis(time));
        }

        /** {@code batch.size}, bytes. */
        public Builder batchSize(int bytes) {
            return set("batch.size", Integer.toString(bytes));
        }

        /** {@code max.in.flight.requests.per.connection}, batches of one partition. */
        public Builder maxInFlight(int batches) {
            return set("max.in.flight.requests.per.connection", Integer.toString(batches));
        }

        /** {@code retries}. */
        public Builder retries(int count) {
            return set("retries", Integer.toString(count));
        }

        /** {@code request.timeout.ms}. */
        public Builder requestTimeout(Duration time) {
            return set("request.timeout.ms", millis(time));
        }

        /** {@code delivery.timeout.ms}. */
        public Builder deliveryTimeout(Duration time) {
            return set("delivery.timeout.ms", millis(time));
        }

        /** {@code retry.backoff.ms}. */
        public Builder retryBackoff(Duration time) {
            return set("retry.backoff.ms", millis(time));
        }

        /** {@code retry.backoff.max.ms}. */
        public Builder retryBackoffMax(Duration time) {
            return set("retry.backoff.max.ms", millis(time));
        }

        /** {@code buffer.memory}, bytes. */
        public Builder bufferMemory(int bytes) {
            return set("buffer.memory", Integer.toString(bytes));
        }

        /** {@code max.block.ms}. */
        public Builder maxBlock(Duration time) {
            return set("max.block.ms", millis(time));
        }

        /** {@code metadata.max.age.ms}. */
        public Builder metadataMaxAge(Duration time) {
            return set("metadata.max.age.ms", millis(time));
        }

        /** {@code compression.type}. */
        public Builder compression(CompressionType type) {
            compression = type;
            return this;
        }

        /** {@code security.protocol} and its files; null for clear text. */
        public Builder tls(@Nullable Tls settings) {
            tls.set(settings);
            return this;
        }

        /** Hears what the producer does. */
        public Builder metrics(ProducerMetrics listener) {
            metrics = listener;
            return this;
        }

        /** Called with every record that finally failed. */
        public Builder deadLetterHook(DeadLetterHook hook) {
            deadLetterHook = hook;
            return this;
        }

        private static String millis(Duration time) {
            return Long.toString(time.toMillis());
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException if they contradict each other; the message names them
         */
        public ProducerConfig build() {
            return new ProducerConfig(
                    bootstrapServers,
                    acks,
                    enableIdempotence,
                    linger,
                    batchSizeBytes,
                    maxInFlight,
                    retries,
                    requestTimeout,
                    deliveryTimeout,
                    retryBackoff,
                    retryBackoffMax,
                    bufferMemoryBytes,
                    maxBlock,
                    metadataMaxAge,
                    compression,
                    tls.get(),
                    metrics,
                    deadLetterHook);
        }
    }
}
