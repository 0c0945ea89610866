package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProducerConfigTest {
    @Test
    void the_default_is_safe() {
        ProducerConfig config = ProducerConfig.builder().build();
        assertEquals(Acks.ALL, config.acks());
        assertTrue(config.enableIdempotence());
        assertEquals(CompressionType.NONE, config.compression());
        assertEquals(5, config.maxInFlight());
        assertEquals(List.of(new Endpoint("127.0.0.1", 8080)), config.bootstrapServers());
    }

    @Test
    void settings_have_kafkas_names() {
        ProducerConfig config =
                ProducerConfig.of(
                        Map.ofEntries(
                                Map.entry("bootstrap.servers", "a:1, b:2"),
                                Map.entry("acks", "-1"),
                                Map.entry("enable.idempotence", "true"),
                                Map.entry("linger.ms", "5"),
                                Map.entry("compression.type", "gzip"),
                                Map.entry("batch.size", "16384"),
                                Map.entry("max.in.flight.requests.per.connection", "3"),
                                Map.entry("retries", "10"),
                                Map.entry("request.timeout.ms", "1000"),
                                Map.entry("delivery.timeout.ms", "1005"),
                                Map.entry("retry.backoff.ms", "10"),
                                Map.entry("retry.backoff.max.ms", "100"),
                                Map.entry("buffer.memory", "1000000"),
                                Map.entry("max.block.ms", "0"),
                                Map.entry("metadata.max.age.ms", "60000")));
        assertEquals(
                List.of(new Endpoint("a", 1), new Endpoint("b", 2)), config.bootstrapServers());
        assertEquals(Duration.ofMillis(5), config.linger());
        assertEquals(16_384, config.batchSizeBytes());
        assertEquals(CompressionType.GZIP, config.compression());
        assertEquals(3, config.maxInFlight());
        assertEquals(10, config.retries());
        assertEquals(Duration.ofMillis(1005), config.deliveryTimeout());
        assertEquals(1_000_000, config.bufferMemoryBytes());
        assertFalse(
                ProducerConfig.of(Map.of("acks", "1", "enable.idempotence", "false"))
                        .enableIdempotence());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "acks=1 | acks=1 is at odds with enable.idempotence=true",
                "acks=0 | acks=0 is at odds with enable.idempotence=true",
                "retries=0 | retries=0 is at odds with enable.idempotence=true",
                "max.in.flight.requests.per.connection=6 | max.in.flight.requests.per.connection=6"
                        + " is at odds with enable.idempotence=true",
                "delivery.timeout.ms=30000;linger.ms=1 | delivery.timeout.ms=30000 is less than"
                        + " linger.ms=1 + request.timeout.ms=30000",
                "retry.backoff.ms=2000 | retry.backoff.max.ms=1000 is less than"
                        + " retry.backoff.ms=2000",
                "batch.size=2000000;buffer.memory=1000000 | batch.size=2000000 is more than"
                        + " buffer.memory=1000000",
                "acks=2 | acks is '2'; it must be 0, 1 or all",
                "linger.ms=-1 | linger.ms=-1 must be from 0 to 2147483647",
                "batch.size=many | batch.size=many must be a whole number from 1024",
                "enable.idempotence=yes | enable.idempotence=yes must be true or false",
                "bootstrap.servers=localhost | 'localhost' is no address of a gateway; write"
                        + " host:port",
                "compression.type=brotli | compression.type is 'brotli'; it must be none, gzip,"
                        + " snappy, lz4 or zstd",
                "lingr.ms=1 | unknown setting 'lingr.ms'; there are acks, batch.size,",
            })
    void what_contradicts_itself_is_refused_by_name(String settings, String message) {
        ProducerConfig.Builder builder = ProducerConfig.builder();
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> {
                            for (String setting : settings.split(";", -1)) {
                                int equals = setting.indexOf('=');
                                builder.set(
                                        setting.substring(0, equals),
                                        setting.substring(equals + 1));
                            }
                            builder.build();
                        });
        assertTrue(refused.toString().contains(": " + message), refused::toString);
    }

    @Test
    void addresses_are_read_as_people_write_them() {
        assertEquals(new Endpoint("::1", 8080), Endpoint.of("[::1]:8080"));
        assertEquals("[::1]:8080", Endpoint.of(" [::1]:8080 ").toString());
        assertEquals("gateway.example:80", Endpoint.of("gateway.example:80").toString());
        for (String wrong :
                List.of(
                        "",
                        ":80",
                        "host:",
                        "host:0",
                        "host:65536",
                        "host:x",
                        "::1",
                        "http://h:80")) {
            assertThrows(IllegalArgumentException.class, () -> Endpoint.of(wrong), wrong);
        }
    }
}
