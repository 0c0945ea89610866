package io.ackgate.docs.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may differ between the README and what happens, and what may not. */
class ShownOutputTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "5 of 5 records acknowledged in 0.77 s ! 5 of 5 records acknowledged in 12.04 s",
                "it ran out after 6 attempts, the last ! it ran out after 11 attempts, the last",
                "created 2026-11-22T06:40:05.191Z ! created 2027-01-01T00:00:00Z",
                "\"t\":1795322053047, ! \"t\":1800000000000,",
                "q (f66320f6-d916-4bfd-b874-0761ed030003) ! q"
                        + " (00000000-d916-4bfd-b874-0761ed03000a)",
                "87 batches sent twice: 87 answered as ! 3 batches sent twice: 3 answered as",
                "0  online      1       2  2,3,1     1,2 ! 0  online      2       1  1,2,3     1,2",
                "started in ... Listening on: x ! started in 1.3 s. Listening on: x",
            })
    void what_differs_from_run_to_run(String shown, String printed) {
        assertTrue(new ShownOutput(List.of(shown)).matches(List.of(printed)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "5 of 5 records acknowledged in 0.77 s ! 4 of 5 records acknowledged in 0.77 s",
                "0      630             0          629 ! 0      631             0          630",
                "ISR  HIGH WATERMARK ! ISR  WATERMARK",
                "87 batches sent twice: 87 answered as ! 87 batches sent twice: 86 answered as",
                "0  online      1       2  2,3,1     1,2 ! 0  offline      1       2  2,3,1    "
                        + " 1,2",
                "{\"id\":\"healed\"} ! {\"id\":\"Healed\"}",
                "started in ... Listening on: x ! started in 1.3 s. Listening on: y",
            })
    void what_does_not(String shown, String printed) {
        assertFalse(new ShownOutput(List.of(shown)).matches(List.of(printed)));
    }

    @Test
    void dots_alone_stand_for_any_lines_and_no_line_is_missing_or_too_many() {
        ShownOutput shown = new ShownOutput(List.of("...", "a", "b"));
        assertTrue(shown.matches(List.of("a", "b")));
        assertTrue(shown.matches(List.of("1", "2", "a", "b")));
        assertFalse(shown.matches(List.of("1", "a")));
        assertFalse(shown.matches(List.of("a", "b", "c")));
    }

    @Test
    void commands_of_a_page() {
        List<ShownCommand> commands =
                ShownCommand.of(
                        List.of(
                                "Text, and then:",
                                "",
                                "    $ one \\",
                                "        further",
                                "    printed",
                                "    $ two",
                                "",
                                "```java",
                                "    statement();",
                                "```"));
        assertEquals(
                List.of(
                        new ShownCommand(3, "one \\\n        further", List.of("printed")),
                        new ShownCommand(6, "two", List.of())),
                commands);
        List<String> noCommand = List.of("    printed by nothing");
        assertThrows(IllegalArgumentException.class, () -> ShownCommand.of(noCommand));
    }

    @Test
    void a_snippet_that_does_not_compile_is_told(@TempDir Path directory) throws Exception {
        assertEquals(List.of("[1, a]"), JavaSnippet.run("log(1, \"a\");", directory));
        AssertionError refused =
                assertThrows(
                        AssertionError.class,
                        () -> JavaSnippet.run("log(new NoSuchClass());", directory));
        assertTrue(refused.toString().contains("NoSuchClass"), refused::toString);
    }
}
