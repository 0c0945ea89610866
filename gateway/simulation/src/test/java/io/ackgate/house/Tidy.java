package io.ackgate.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules of the house that formatter, compiler and layering tests do not know, applied to every
 * source file below a root. There is no list of exceptions: what breaks a rule is changed.
 */
final class Tidy {
    /** Files are typically under 150 lines and seldom over 400; this is where seldom ends. */
    static final int MAX_LINES = 400;

    /** Build output, version control, editors and run-time data: not ours to judge. */
    private static final Set<String> SKIPPED =
            Set.of("target", ".git", ".idea", ".vscode", "data", "node_modules");

    /** Names that say where code was put rather than what it is. */
    private static final Pattern EMPTY_NAME =
            Pattern.compile(
                    "\\b(?:class|interface|record|enum)\\s+(\\w+(?:Manager|Helper|Helpers|Util|Utils|Impl))\\b");

    /** Work that is promised rather than done. Split, so that this file keeps the rule too. */
    private static final Pattern PROMISE =
            Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    /** What makes a method a test. */
    private static final Pattern TEST =
            Pattern.compile("^ {4,8}@(?:Test|ParameterizedTest|TestFactory|RepeatedTest)\\b.*");

    /** A method's name, in its declaration. */
    private static final Pattern METHOD = Pattern.compile("^ {4,8}[a-zA-Z][^=;\"@]* (\\w+)\\(.*");

    /** Somebody's own machine. */
    private static final Pattern HOME = Pattern.compile("/(?:home|Users)/\\w|/ro" + "ot/");

    private final Path root;
    private final List<String> violations = new ArrayList<>();

    private Tidy(Path root) {
        this.root = root;
    }

    /**
     * Every breach below {@code root}, as "path:line: what", in the order of the paths.
     *
     * @throws UncheckedIOException where a file cannot be read
     */
    static List<String> violations(Path root) {
        var tidy = new Tidy(root);
        try {
            Files.walkFileTree(root, tidy.new Visitor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tidy.violations.stream().sorted().toList();
    }

    private void check(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (!name.matches(
                ".*\\.(java|proto|xml|properties|md|sh|yaml|yml|json)|mvnw|ackgate|run")) {
            return;
        }
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (MalformedInputException e) {
            breach(file, 1, "is not UTF-8");
            return;
        }
        boolean java = name.endsWith(".java");
        if (java && lines.size() > MAX_LINES) {
            breach(file, lines.size(), "has more than " + MAX_LINES + " lines");
        }
        if (java && isMain(file)) {
            requirePackageInfo(file);
        }
        boolean isTest = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            checkLine(file, i + 1, line, java);
            isTest |= java && TEST.matcher(line).matches();
            var method = METHOD.matcher(line);
            if (isTest && method.matches()) {
                isTest = false;
                checkTest(file, i + 1, method.group(1));
            }
        }
    }

    /** A test is named by a sentence, which is read more easily with its words apart. */
    private void checkTest(Path file, int number, String name) {
        if (!name.equals(name.toLowerCase(Locale.ROOT))) {
            breach(file, number, name + " is a test and not in snake_case");
        }
    }

    private void checkLine(Path file, int number, String line, boolean java) {
        if (PROMISE.matcher(line).find()) {
            breach(file, number, "promises work instead of doing it");
        }
        if (HOME.matcher(line).find()) {
            breach(file, number, "names a path of somebody's machine");
        }
        var emptyName = EMPTY_NAME.matcher(line);
        if (java && emptyName.find()) {
            breach(file, number, emptyName.group(1) + " does not say what it is");
        }
    }

    private void requirePackageInfo(Path file) throws IOException {
        Path info = file.resolveSibling("package-info.java");
        if (!Files.exists(info)) {
            breach(file, 1, "lies in a package without package-info.java");
        } else if (file.equals(info)) {
            String text = Files.readString(info);
            if (!text.contains("@NullMarked")) {
                breach(info, 1, "lacks @NullMarked");
            }
            if (!text.startsWith("/**")) {
                breach(info, 1, "does not say what the package is for");
            }
        }
    }

    private static boolean isMain(Path file) {
        return file.toString().replace('\\', '/').contains("/src/main/java/");
    }

    private void breach(Path file, int line, String what) {
        violations.add(root.relativize(file) + ":" + line + ": " + what);
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean skip =
                    !directory.equals(root) && SKIPPED.contains(directory.getFileName().toString());
            return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            check(file);
            return FileVisitResult.CONTINUE;
        }
    }
}
