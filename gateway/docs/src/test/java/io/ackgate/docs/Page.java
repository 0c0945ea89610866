package io.ackgate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A page that is made from the code. With {@code -Dpages.write} it is written anew; without, it
 * must be what the code says.
 */
record Page(String name, String text) {
    private static final String WRITE =
            "./mvnw -q -Dquick -pl gateway/docs -am test -Dtest=PagesTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dpages.write";

    /** What a page begins with that nobody should edit. */
    static String generated(String from) {
        return "<!-- Made from "
                + from
                + " by PagesTest. Do not edit it; write it anew by\n     "
                + WRITE
                + " -->\n";
    }

    void check() throws IOException {
        Path file = Repository.root().resolve("gateway/docs").resolve(name);
        if (System.getProperty("pages.write") != null) {
            Files.writeString(file, text);
        } else {
            assertEquals(
                    text,
                    Files.exists(file) ? Files.readString(file) : "",
                    () -> name + " is not what the code says: write it anew by " + WRITE);
        }
    }

    /** A row of a table. */
    static String row(String... cells) {
        return List.of(cells).stream()
                .map(cell -> cell.replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** The first two lines of a table. */
    static String head(String... cells) {
        return row(cells) + "|" + "---|".repeat(cells.length) + "\n";
    }
}
