package io.ackgate.simulation.mutation;

import io.ackgate.simulation.mutation.Mutation.Edit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code src/test/resources/mutations/*.txt}, one broken rule after the other:
 *
 * <pre>
 * contiguity check
 *   in Appends.append
 *     - if (baseOffset != log.logEnd()) {
 *     + if (baseOffset &lt; log.logEnd()) {
 * </pre>
 *
 * <p>The lines with a minus are what is replaced by those with a plus, or left out where there are
 * none. {@code in Class.member, 2 times} where it stands more than once. A line {@code seen by
 * SomeTest} or {@code seen by SomeTest.itsMethod} names the test that must fail in place of a seed.
 * A line that begins with # is a comment.
 */
final class MutationFile {
    private static final Pattern PLACE =
            Pattern.compile("in ([\\w.]+)\\.(\\w+)(?:, (\\d+) times)?");
    private static final String SEEN_BY = "seen by ";

    private final Path file;
    private final List<Mutation> mutations = new ArrayList<>();
    private @Nullable String rule;
    private @Nullable String seenBy;
    private final List<Edit> edits = new ArrayList<>();
    private @Nullable Matcher place;
    private final StringBuilder find = new StringBuilder();
    private final StringBuilder replace = new StringBuilder();

    private MutationFile(Path file) {
        this.file = file;
    }

    /** All rules of all files of a directory, in the order of the files' names. */
    static List<Mutation> readAll(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.filter(path -> path.toString().endsWith(".txt")).sorted().toList();
        }
        List<Mutation> all = new ArrayList<>();
        for (Path file : files) {
            all.addAll(read(file, Files.readAllLines(file)));
        }
        return all;
    }

    static List<Mutation> read(Path file, List<String> lines) {
        var reading = new MutationFile(file);
        for (int number = 1; number <= lines.size(); number++) {
            reading.line(number, lines.get(number - 1));
        }
        reading.endMutation(lines.size());
        return reading.mutations;
    }

    private void line(int number, String line) {
        String text = line.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        if (!line.startsWith(" ")) {
            endMutation(number);
            rule = text;
        } else if (rule == null) {
            throw new IllegalStateException(file + ":" + number + ": no rule is named yet");
        } else if (text.startsWith("-")) {
            find.append(text.substring(1)).append('\n');
        } else if (text.startsWith("+")) {
            replace.append(text.substring(1)).append('\n');
        } else if (text.startsWith(SEEN_BY)) {
            seenBy = text.substring(SEEN_BY.length());
        } else {
            endEdit(number);
            Matcher matcher = PLACE.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalStateException(
                        "%s:%d: expected \"in Class.member\", \"seen by Test\", - or +, found: %s"
                                .formatted(file, number, text));
            }
            place = matcher;
        }
    }

    private void endEdit(int number) {
        Matcher where = place;
        if (where == null) {
            return;
        }
        if (find.isEmpty()) {
            throw new IllegalStateException(file + ":" + number + ": nothing is to be replaced");
        }
        int times = where.group(3) == null ? 1 : Integer.parseInt(where.group(3));
        edits.add(new Edit(where.group(1), where.group(2), times, find.toString(), "" + replace));
        place = null;
        find.setLength(0);
        replace.setLength(0);
    }

    private void endMutation(int number) {
        endEdit(number);
        String name = rule;
        if (name == null) {
            return;
        }
        if (edits.isEmpty()) {
            throw new IllegalStateException(file + ":" + number + ": nothing breaks: " + name);
        }
        mutations.add(new Mutation(name, List.copyOf(edits), seenBy));
        rule = null;
        seenBy = null;
        edits.clear();
    }
}
