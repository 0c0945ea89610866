package io.ackgate.client.cli;

import io.ackgate.client.Tls;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Named gateways, kept in a properties file: {@code NAME.bootstrap-server}, {@code NAME.admin},
 * {@code NAME.tls} with {@code NAME.ca-cert}, {@code NAME.cert} and {@code NAME.cert-key}, and
 * {@code current}, which names the one that commands use that name none.
 */
final class Contexts {
    private static final String BOOTSTRAP = ".bootstrap-server";
    private static final String ADMIN = ".admin";
    private static final String TLS = ".tls";
    private static final String TRUSTED = ".ca-cert";
    private static final String CERTIFICATE = ".cert";
    private static final String KEY = ".cert-key";
    private static final List<String> MAY_BE_MISSING =
            List.of(ADMIN, TLS, TRUSTED, CERTIFICATE, KEY);
    private static final String CURRENT = "current";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,100}");

    private final Path file;
    private final Properties properties = new Properties();

    private Contexts(Path file) {
        this.file = file;
    }

    /**
     * A context.
     *
     * @param bootstrap gateways as host:port, with commas
     * @param admin host:port of the REST side; null for the gateways themselves
     * @param tls null for clear text
     */
    record Context(String name, String bootstrap, @Nullable String admin, @Nullable Tls tls) {}

    /** What the user's file says; nothing if there is none. */
    static Contexts load() {
        Contexts contexts = new Contexts(file());
        if (Files.exists(contexts.file)) {
            try (Reader in = Files.newBufferedReader(contexts.file)) {
                contexts.properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                throw new CommandFailure("%s cannot be read: %s".formatted(contexts.file, e));
            }
        }
        return contexts;
    }

    /**
     * Where contexts are kept: {@code $ACKGATE_CONTEXTS}, or {@code ackgate/contexts.properties} in
     * {@code $XDG_CONFIG_HOME}, which is {@code ~/.config} where it is not set.
     */
    static Path file() {
        String chosen =
                System.getProperty("ackgate.contexts", System.getenv().get("ACKGATE_CONTEXTS"));
        if (chosen != null && !chosen.isEmpty()) {
            return Path.of(chosen);
        }
        String config = System.getenv().getOrDefault("XDG_CONFIG_HOME", "");
        Path folder =
                config.isEmpty()
                        ? Path.of(System.getProperty("user.home", "."), ".config")
                        : Path.of(config);
        return folder.resolve("ackgate").resolve("contexts.properties");
    }

    /** All of them, by name. */
    List<Context> all() {
        return properties.stringPropertyNames().stream()
                .filter(key -> key.endsWith(BOOTSTRAP))
                .map(key -> key.substring(0, key.length() - BOOTSTRAP.length()))
                .sorted()
                .map(this::get)
                .toList();
    }

    /** The one in use; null if none is. */
    @Nullable Context current() {
        String name = properties.getProperty(CURRENT);
        return name == null ? null : get(name);
    }

    /**
     * The one of this name.
     *
     * @throws CommandFailure if there is none
     */
    Context get(String name) {
        String bootstrap = properties.getProperty(name + BOOTSTRAP);
        if (bootstrap == null) {
            throw new CommandFailure(
                    "there is no context '%s' in %s; ackgate contexts shows those there are"
                            .formatted(name, file));
        }
        return new Context(name, bootstrap, properties.getProperty(name + ADMIN), tls(name));
    }

    private @Nullable Tls tls(String name) {
        return Boolean.parseBoolean(properties.getProperty(name + TLS))
                ? new Tls(path(name + TRUSTED), path(name + CERTIFICATE), path(name + KEY))
                : null;
    }

    private @Nullable Path path(String key) {
        String value = properties.getProperty(key);
        return value == null ? null : Path.of(value);
    }

    /** Keeps it, in place of another of its name. */
    void set(Context context) {
        if (!NAME.matcher(context.name).matches()) {
            throw new CommandFailure(
                    "'%s' is no name of a context: 1 to 100 of a-z A-Z 0-9 _ -"
                            .formatted(context.name));
        }
        MAY_BE_MISSING.forEach(key -> properties.remove(context.name + key));
        put(context.name + BOOTSTRAP, context.bootstrap);
        put(context.name + ADMIN, context.admin);
        Tls tls = context.tls;
        if (tls != null) {
            put(context.name + TLS, true);
            put(context.name + TRUSTED, tls.trusted());
            put(context.name + CERTIFICATE, tls.certificate());
            put(context.name + KEY, tls.key());
        }
        if (properties.getProperty(CURRENT) == null) {
            properties.setProperty(CURRENT, context.name);
        }
        save();
    }

    private void put(String key, @Nullable Object value) {
        if (value != null) {
            properties.setProperty(key, value.toString());
        }
    }

    /** Makes it the one in use. */
    void use(String name) {
        properties.setProperty(CURRENT, get(name).name());
        save();
    }

    /** Forgets it. */
    void delete(String name) {
        properties.remove(get(name).name() + BOOTSTRAP);
        MAY_BE_MISSING.forEach(key -> properties.remove(name + key));
        if (name.equals(properties.getProperty(CURRENT))) {
            properties.remove(CURRENT);
        }
        save();
    }

    /** Written beside it and moved, so that the file is never half there. */
    private void save() {
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, "contexts", ".tmp");
            try (Writer out = Files.newBufferedWriter(fresh)) {
                properties.store(out, "contexts of ackgate");
            }
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
