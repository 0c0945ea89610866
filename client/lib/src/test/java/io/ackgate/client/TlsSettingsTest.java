package io.ackgate.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** TLS by Kafka's names. */
class TlsSettingsTest {
    @Test
    void clear_text_is_the_default() {
        assertNull(ProducerConfig.builder().build().tls());
        assertNull(ProducerConfig.of(Map.of("security.protocol", "PLAINTEXT")).tls());
    }

    @Test
    void files_by_their_names() {
        assertEquals(Tls.DEFAULT, ProducerConfig.of(Map.of("security.protocol", "SSL")).tls());
        Tls all = new Tls(Path.of("ca"), Path.of("cert"), Path.of("key"));
        assertEquals(
                all,
                ProducerConfig.of(
                                Map.of(
                                        "ssl.key.location", "key",
                                        "ssl.keystore.location", "cert",
                                        "ssl.truststore.location", "ca",
                                        "security.protocol", "SSL"))
                        .tls());
        assertEquals(all, ProducerConfig.builder().tls(all).build().tls());
        assertNull(ProducerConfig.builder().tls(all).tls(null).build().tls());
    }

    @Test
    void what_contradicts_itself_is_refused_by_name() {
        assertRefused("security.protocol=PLAINTEXT", Map.of("ssl.truststore.location", "ca"));
        assertRefused("PLAINTEXT or SSL", Map.of("security.protocol", "SASL_SSL"));
        assertRefused(
                "ssl.keystore.location",
                Map.of("security.protocol", "SSL", "ssl.key.location", "key"));
        assertThrows(IllegalArgumentException.class, () -> new Tls(null, null, Path.of("key")));
    }

    private static void assertRefused(String words, Map<String, String> settings) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ProducerConfig.of(settings));
        assertTrue(refused.toString().contains(words), refused::toString);
    }
}
