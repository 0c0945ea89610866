package io.ackgate.client;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Settings of TLS by Kafka's names, and what they are together. */
final class TlsSettings {
    private static final String TRUSTED = "ssl.truststore.location";
    private static final String CERTIFICATE = "ssl.keystore.location";
    private static final String KEY = "ssl.key.location";

    private final Map<String, Path> files = new TreeMap<>();
    private boolean encrypted;

    void protocol(SettingValue setting) {
        encrypted =
                switch (setting.value()) {
                    case "PLAINTEXT" -> false;
                    case "SSL" -> true;
                    default -> throw setting.refused("must be PLAINTEXT or SSL");
                };
    }

    /** One of the files; its name is known. */
    void file(SettingValue setting) {
        files.put(setting.name(), Path.of(setting.value()));
    }

    /** All of them at once; null for clear text. */
    void set(@Nullable Tls tls) {
        encrypted = tls != null;
        files.clear();
        if (tls != null) {
            putIfGiven(TRUSTED, tls.trusted());
            putIfGiven(CERTIFICATE, tls.certificate());
            putIfGiven(KEY, tls.key());
        }
    }

    private void putIfGiven(String name, @Nullable Path file) {
        if (file != null) {
            files.put(name, file);
        }
    }

    /**
     * What they are together; null for clear text.
     *
     * @throws IllegalArgumentException if they contradict each other; the message names them
     */
    @Nullable Tls get() {
        if (!encrypted && !files.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s is at odds with security.protocol=PLAINTEXT, which is the default: set security.protocol=SSL, or leave it out"
                            .formatted(files));
        }
        if (files.containsKey(KEY) && !files.containsKey(CERTIFICATE)) {
            throw new IllegalArgumentException(
                    "ssl.key.location=%s has no certificate that belongs to it: set ssl.keystore.location"
                            .formatted(files.get(KEY)));
        }
        return encrypted
                ? new Tls(files.get(TRUSTED), files.get(CERTIFICATE), files.get(KEY))
                : null;
    }
}
