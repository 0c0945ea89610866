package io.ackgate.docs;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of the page of settings.
 *
 * @param kafka Kafka's name of the nearest setting; empty if there is none
 */
record Setting(String name, String byDefault, String allowed, String kafka, String text) {
    /** How a Javadoc names it, as a sentence of its own. */
    private static final Pattern KAFKA =
            Pattern.compile(" ?Kafka's ([a-z][a-z.]*\\.[a-z.]*[a-z])\\.");

    /** With the text, and Kafka's name, from a Javadoc. */
    static Setting of(String name, String byDefault, String allowed, String javadoc) {
        String text = JavadocOf.plain(javadoc);
        Matcher kafka = KAFKA.matcher(text);
        boolean named = kafka.find();
        return new Setting(
                name,
                byDefault,
                allowed,
                named ? kafka.group(1) : "",
                named ? kafka.replaceFirst("").strip() : text);
    }

    static String table(List<Setting> settings) {
        StringBuilder table =
                new StringBuilder(
                        Page.head("setting", "default", "allowed", "in Kafka", "what it is"));
        for (Setting setting : settings) {
            table.append(
                    Page.row(
                            "`" + setting.name + "`",
                            setting.byDefault,
                            setting.allowed,
                            setting.kafka.isEmpty() ? "" : "`" + setting.kafka + "`",
                            setting.text));
        }
        return table.toString();
    }
}
