package io.ackgate.client.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** For whom the result is written. */
final class OutputOption {
    /** For whom. */
    enum Format {
        TABLE,
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table for people (default), json for scripts.")
    private Format format;

    boolean isJson() {
        return format == Format.JSON;
    }

    /** Where results go, without what would command a terminal. */
    PrintWriter out() {
        return Printable.writer(mixee.commandLine().getOut(), false);
    }

    /** Where results go that are bytes; what was written to {@link #out} stands before them. */
    OutputStream bytes() {
        out().flush();
        return ((AckgateCommand) mixee.root().userObject()).bytes();
    }

    /** Where everything else goes, likewise. */
    PrintWriter err() {
        return Printable.writer(mixee.commandLine().getErr(), true);
    }

    /** For people who wait. */
    Progress progress() {
        return new Progress(mixee.commandLine().getErr());
    }

    /** Writes a result for scripts: one JSON document. */
    void print(JsonNode json) {
        out().println(json.toPrettyString());
    }

    /** Writes a result for people. */
    void print(Table table) {
        table.print(out());
    }
}
