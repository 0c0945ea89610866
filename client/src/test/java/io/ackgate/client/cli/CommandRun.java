package io.ackgate.client.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A command line run in this process: its exit status and what it wrote. */
record CommandRun(int status, String out, String err) {
    static CommandRun of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status =
                AckgateCommand.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(args);
        return new CommandRun(status, out.toString(), err.toString());
    }
}
