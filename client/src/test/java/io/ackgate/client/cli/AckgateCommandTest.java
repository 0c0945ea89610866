package io.ackgate.client.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class AckgateCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void without_a_subcommand_it_fails_with_the_usage() {
        assertEquals(2, run());
        assertTrue(err.toString().contains("Usage: ackgate"), err::toString);
    }

    @Test
    void help_succeeds_on_standard_output() {
        assertEquals(0, run("--help"));
        assertTrue(out.toString().contains("Usage: ackgate"), out::toString);
    }

    private int run(String... args) {
        return new CommandLine(new AckgateCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
