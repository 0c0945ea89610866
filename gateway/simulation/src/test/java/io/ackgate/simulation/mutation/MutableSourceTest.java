package io.ackgate.simulation.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.simulation.mutation.Mutation.Edit;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MutableSourceTest {
    private static final String SOURCE =
            """
            class Log {
                int first() {
                    return   end /* of all */
                        + 1; // one more
                }
                int second() {
                    return end + 1;
                }
                static class Chain {
                    int last = "a  b".length();
                }
            }
            """;

    private static String edited(Edit edit) throws Exception {
        MutableSource source = new MutableSource("Log.java", SOURCE);
        source.apply(edit);
        return source.toFile().getCharContent(true).toString();
    }

    @Test
    void neither_layout_nor_comments_make_a_difference() throws Exception {
        String text = edited(new Edit("Log", "first", 1, "return end+1;", "return 0;"));

        assertEquals(1, text.split("end \\+ 1", -1).length - 1, "the other member is left alone");
        assertTrue(text.contains("return 0; // one more"));
    }

    @Test
    void nested_classes_and_fields_are_found() throws Exception {
        assertTrue(
                edited(new Edit("Log.Chain", "last", 1, "\"a b\"", "\"\""))
                        .contains("last = \"\""));
    }

    @Test
    void what_finds_nothing_is_an_error() {
        for (Edit edit :
                List.of(
                        new Edit("Log", "first", 1, "return end + 2;", ""),
                        new Edit("Log", "first", 2, "return end + 1;", ""),
                        new Edit("Log", "third", 1, "return end + 1;", ""),
                        new Edit("Chain", "last", 1, "return end + 1;", ""),
                        new Edit("Log", "first", 1, "return end + 1;", "return end+1;"))) {
            assertThrows(IllegalStateException.class, () -> edited(edit), edit.toString());
        }
    }

    @Test
    void a_file_names_rules_and_their_edits() {
        List<Mutation> read =
                MutationFile.read(
                        Path.of("a.txt"),
                        """
                        # comment
                        first rule
                          in Log.first, 2 times
                            - end
                            - + 1
                            + 0
                          in Log.Chain.last
                            - a

                        second rule
                          seen by LogTest.first
                          in Log.new
                            - b
                            + c
                        """
                                .lines()
                                .toList());

        assertEquals(
                List.of(
                        new Mutation(
                                "first rule",
                                List.of(
                                        new Edit("Log", "first", 2, " end\n + 1\n", " 0\n"),
                                        new Edit("Log.Chain", "last", 1, " a\n", "")),
                                null),
                        new Mutation(
                                "second rule",
                                List.of(new Edit("Log", "new", 1, " b\n", " c\n")),
                                "LogTest.first")),
                read);
        for (String wrong : List.of("  in Log.first", "rule", "rule\n  at Log.first")) {
            assertThrows(
                    IllegalStateException.class,
                    () -> MutationFile.read(Path.of("a.txt"), wrong.lines().toList()),
                    wrong);
        }
    }
}
