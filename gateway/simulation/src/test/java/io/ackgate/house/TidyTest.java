package io.ackgate.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TidyTest {
    @Test
    void this_repository_is_tidy() {
        Path root = Path.of(System.getProperty("repository.root", "../.."));
        assertTrue(Files.exists(root.resolve("mvnw")), () -> root + " is not the repository");
        assertEquals("", String.join("\n", Tidy.violations(root)));
    }

    @Test
    void every_breach_is_found(@TempDir Path root) throws IOException {
        Path main = root.resolve("module/src/main/java/a");
        write(main.resolve("package-info.java"), "/** What a is for. */\npackage a;\n");
        write(main.resolve("Long.java"), "\n".repeat(Tidy.MAX_LINES + 1));
        write(main.resolve("Names.java"), "cla" + "ss LogManager {}\nrec" + "ord DiskUtil() {}\n");
        write(main.resolve("b/Lonely.java"), "class Lonely {}\n");
        write(
                root.resolve("module/src/test/java/a/NamedTest.java"),
                """
                class NamedTest {
                    @Test
                    void a_good_name() {}

                    @ParameterizedTest
                    @EnumSource(names = {"A", "B"})
                    void aBadName(String given) {}

                    private void notATest() {}
                }
                """);
        write(root.resolve("README.md"), "see /ho" + "me/somebody\nTO" + "DO: the rest\n");

        assertEquals(
                List.of(
                        "README.md:1: names a path of somebody's machine",
                        "README.md:2: promises work instead of doing it",
                        "module/src/main/java/a/Long.java:401: has more than 400 lines",
                        "module/src/main/java/a/Names.java:1: LogManager does not say what it is",
                        "module/src/main/java/a/Names.java:2: DiskUtil does not say what it is",
                        "module/src/main/java/a/b/Lonely.java:1: lies in a package without"
                                + " package-info.java",
                        "module/src/main/java/a/package-info.java:1: lacks @NullMarked",
                        "module/src/test/java/a/NamedTest.java:7: aBadName is a test and not in"
                                + " snake_case"),
                Tidy.violations(root));
    }

    @Test
    void build_output_is_not_judged(@TempDir Path root) throws IOException {
        write(root.resolve("module/target/Generated.java"), "cla" + "ss SomethingImpl {}\n");
        write(root.resolve("data/node-1/notes.md"), "FIX" + "ME\n");

        assertEquals(List.of(), Tidy.violations(root));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
