package io.ackgate.docs.readme;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether a command printed what a page shows. Words, counts, offsets and columns have to be the
 * same. What {@link #DIFFERENT_EACH_TIME} names may be another of its kind. Three dots stand for
 * anything: alone for any number of lines, and within a line for a part of it.
 */
record ShownOutput(List<String> shown) {
    private static final String ANYTHING = "...";

    private static final List<String> DIFFERENT_EACH_TIME =
            List.of(
                    // How long something took.
                    "\\b\\d+\\.\\d\\d s\\b",
                    "\"elapsedUs\":\"\\d+\"",
                    // How often it was tried in that time.
                    "\\bafter \\d+ attempts\\b",
                    // Into how many batches the records came, each of which is a duplicate once.
                    "(?<batches>\\b\\d+) batches sent twice: \\k<batches> answered",
                    // When it was, for people and in milliseconds.
                    "\\b\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z",
                    "\\b\\d{13}\\b",
                    // The id of a topic, by which the first of its replicas is chosen: which one
                    // leads,
                    // and whether it had to change, which one is behind, and which one tells first.
                    "\\b\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12}\\b",
                    "\\bonline +[12] +[12] +(?:1,2,3|2,3,1|3,1,2)\\b",
                    "(?:0,0,\\?|0,\\?,0|\\?,0,0)",
                    "\"persisted\":\\{\"nodeId\":[123](?:,\"leader\":true)?}");

    private static final Pattern VARIABLE =
            Pattern.compile(String.join("|", DIFFERENT_EACH_TIME) + "|\\.\\.\\.");

    ShownOutput {
        shown = List.copyOf(shown);
    }

    /** Whether this was printed, line by line. */
    boolean matches(List<String> printed) {
        String lines =
                shown.stream()
                        .map(line -> line.equals(ANYTHING) ? "(?:.*\\n)*" : pattern(line) + "\\n")
                        .collect(Collectors.joining());
        return Pattern.matches(
                lines, printed.stream().map(line -> line + "\n").collect(Collectors.joining()));
    }

    /** A regular expression for a line that is shown. */
    private static String pattern(String line) {
        StringBuilder pattern = new StringBuilder();
        Matcher variable = VARIABLE.matcher(line);
        int done = 0;
        while (variable.find()) {
            pattern.append(Pattern.quote(line.substring(done, variable.start())))
                    .append(ofItsKind(variable.group()));
            done = variable.end();
        }
        return pattern.append(Pattern.quote(line.substring(done))).append(" *").toString();
    }

    private static String ofItsKind(String text) {
        return DIFFERENT_EACH_TIME.stream().filter(text::matches).findFirst().orElse(".*");
    }
}
