package io.ackgate.docs;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of a process, from the interface that has them. What is allowed is what the process
 * itself says when it is given something that is not.
 */
final class ProcessSettings<M> {
    private static final Pattern REFUSAL =
            Pattern.compile("(\\S+) (?:was given as '.*': allowed is|is .* and must be) (.*)");

    /** Values of which one is out of bounds, whatever the setting is. */
    private static final List<String> HARDLY_ALLOWED =
            List.of("?", "-1", "2147483647", "0", "1", "0s", "99999d", "0ms");

    private final Class<M> mapping;
    private final Map<String, String> javadoc = new HashMap<>();
    private final Map<String, List<String>> members = new HashMap<>();
    private final Map<String, String> given;
    private final Function<M, List<String>> problems;
    private final List<Setting> settings = new ArrayList<>();

    /**
     * Of one process.
     *
     * @param sources where the interface stands, and those of its groups that stand apart, from the
     *     root of the repository
     * @param given what the process needs in order to start
     * @param problems what it says of its settings, as sentences
     */
    ProcessSettings(
            Class<M> mapping,
            List<String> sources,
            Map<String, String> given,
            Function<M, List<String>> problems) {
        this.mapping = mapping;
        sources.forEach(source -> read(new JavadocOf(source)));
        this.given = given;
        this.problems = problems;
        collect(mapping, mapping.getAnnotation(ConfigMapping.class).prefix());
    }

    List<Setting> all() {
        return settings;
    }

    private void read(JavadocOf source) {
        javadoc.putAll(source.all());
        for (String at : source.all().keySet()) {
            if (at.contains(".")) {
                members.computeIfAbsent(at.substring(0, at.indexOf('.')), _ -> new ArrayList<>())
                        .add(at);
            }
        }
    }

    private void collect(Class<?> group, String prefix) {
        for (String at : members.getOrDefault(group.getSimpleName(), List.of())) {
            Method method = method(group, at.substring(at.indexOf('.') + 1));
            WithName named = method.getAnnotation(WithName.class);
            String name = prefix + "." + (named == null ? kebab(method.getName()) : named.value());
            Class<?> type = method.getReturnType();
            if (type.isInterface() && type.getPackage() == mapping.getPackage()) {
                collect(type, name);
            } else {
                WithDefault byDefault = method.getAnnotation(WithDefault.class);
                settings.add(
                        Setting.of(
                                name,
                                byDefault == null ? "" : "`" + byDefault.value() + "`",
                                allowed(name, method.getGenericReturnType()),
                                javadoc.getOrDefault(at, "")));
            }
        }
    }

    private static Method method(Class<?> group, String name) {
        return Arrays.stream(group.getDeclaredMethods())
                .filter(method -> method.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(group + " has no " + name));
    }

    private String allowed(String name, Type type) {
        if (type instanceof Class<?> words && words.isEnum()) {
            return Arrays.stream(words.getEnumConstants())
                    .map(
                            word ->
                                    "`"
                                            + word.toString()
                                                    .toLowerCase(Locale.ROOT)
                                                    .replace('_', '-')
                                            + "`")
                    .collect(Collectors.joining(", "));
        }
        List<String> said = new ArrayList<>();
        for (String value : HARDLY_ALLOWED) {
            for (String problem : problems(name, value)) {
                said.add(problem);
                Matcher refusal = REFUSAL.matcher(problem);
                if (refusal.matches() && refusal.group(1).equals(name)) {
                    return refusal.group(2);
                }
            }
        }
        if (type == boolean.class) {
            return "`true`, `false`";
        }
        if (type == Path.class) {
            return "a directory";
        }
        if (type == String.class) {
            return "text";
        }
        if (type instanceof ParameterizedType list && list.toString().contains("List")) {
            return "several, with commas";
        }
        if (type instanceof ParameterizedType text && text.toString().contains("String")) {
            return "text";
        }
        if (type instanceof ParameterizedType file && file.toString().contains("Path")) {
            return "a file";
        }
        throw new IllegalStateException(name + " has no bound, or does not say it: " + said);
    }

    /** What the process says of a value, or its configuration, if it is not of the right kind. */
    private List<String> problems(String name, String value) {
        Map<String, String> values = new HashMap<>(given);
        values.put(name, value);
        SmallRyeConfig config;
        try {
            config =
                    new SmallRyeConfigBuilder()
                            .addDiscoveredConverters()
                            .withDefaultValues(values)
                            .withMapping(mapping)
                            .build();
        } catch (RuntimeException notOfThatKind) {
            return List.of(String.valueOf(notOfThatKind.getMessage()));
        }
        try {
            return problems.apply(config.getConfigMapping(mapping));
        } catch (RuntimeException refused) {
            return List.of(String.valueOf(refused.getMessage()));
        }
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
