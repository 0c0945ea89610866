package io.ackgate.docs;

import io.ackgate.client.ProducerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of the Java producer: names, texts and defaults as its Javadoc has them. */
final class ProducerSettingsRows {
    private static final Pattern SETTING =
            Pattern.compile(
                    "@param \\w+ \\{@code"
                            + " ([a-z.]+)}((?:(?!@param).)*?)\\.\\s+Default\\s+((?:(?!@param).)*)",
                    Pattern.DOTALL);

    private static final List<String> HARDLY_ALLOWED = List.of("-1", "2147483647", "?");

    private ProducerSettingsRows() {}

    static List<Setting> all() {
        List<Setting> settings = new ArrayList<>();
        Matcher found = SETTING.matcher(javadocOf("ProducerConfig") + javadocOf("Tls"));
        while (found.find()) {
            String name = found.group(1);
            String text = JavadocOf.plain(found.group(2)).replaceFirst("^: ", "");
            String byDefault = JavadocOf.plain(found.group(3));
            settings.add(new Setting(name, byDefault, allowed(name), name, sentence(text)));
        }
        return settings;
    }

    private static String javadocOf(String type) {
        return new JavadocOf("client/lib/src/main/java/io/ackgate/client/%s.java".formatted(type))
                .all()
                .getOrDefault(type, "");
    }

    private static String sentence(String text) {
        return text.isEmpty()
                ? ""
                : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    /** What the client says when it is given something else. */
    private static String allowed(String name) {
        for (String value : HARDLY_ALLOWED) {
            try {
                ProducerConfig.builder().set(name, value);
            } catch (IllegalArgumentException refused) {
                return String.valueOf(refused.getMessage())
                        .replaceFirst("^.* (?:must be|write) ", "");
            }
        }
        return "";
    }
}
