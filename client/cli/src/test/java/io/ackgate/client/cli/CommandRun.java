package io.ackgate.client.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** A command line run in this process: its exit status and what it wrote. */
record CommandRun(int status, byte[] bytes, String err) {
    static CommandRun of(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        CommandLine line = AckgateCommand.commandLine(out, out).setErr(new PrintWriter(err, true));
        int status = line.execute(args);
        line.getOut().flush();
        return new CommandRun(status, out.toByteArray(), err.toString());
    }

    String out() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
