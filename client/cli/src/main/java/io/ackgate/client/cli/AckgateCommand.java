package io.ackgate.client.cli;

import io.ackgate.client.DeliveryException;
import io.ackgate.client.RequestException;
import io.ackgate.client.WriteStatus;
import io.ackgate.client.wire.GatewayError;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The root of the command line. It does nothing itself: without a subcommand it shows the usage and
 * ends with picocli's status for wrong usage (2), so that a script cannot take it for success.
 */
@Command(
        name = "ackgate",
        description = "Sends, reads and administers records of an Ackgate gateway.",
        mixinStandardHelpOptions = true,
        versionProvider = AckgateCommand.JarVersion.class,
        subcommands = {
            TopicCommand.class,
            ProduceCommand.class,
            ConsumeCommand.class,
            TrackCommand.class,
            GroupsCommand.class,
            ClusterCommand.class,
            NodesCommand.class,
            ContextsCommand.class,
            PerfCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:everything that was asked for was done",
            "1:it failed; no record that was not acknowledged was written",
            "2:the command line is wrong; nothing was done",
            "3:at least one record that was not acknowledged may have been written",
            "4:no gateway answered"
        })
public final class AckgateCommand implements Runnable {
    private static final int OUTPUT_BUFFER_BYTES = 1 << 16;

    /** Kept here, since a logger without a reference is collected with its level. */
    private static final Logger LIBRARIES = Logger.getLogger("");

    @Spec private CommandSpec spec;

    /** Runs the command line and ends the process with its exit status. */
    public static void main(String[] args) {
        // What libraries log is not for the user of a command.
        LIBRARIES.setLevel(Level.WARNING);
        // Written in large pieces: a record a line would otherwise cost a system call each.
        OutputStream out =
                new BufferedOutputStream(
                        new FileOutputStream(FileDescriptor.out), OUTPUT_BUFFER_BYTES);
        CommandLine line =
                commandLine(out, TerminalOutput.isStandardOutput() ? new TerminalOutput(out) : out);
        int status = line.execute(args);
        line.getOut().flush();
        System.exit(status);
    }

    private final OutputStream bytes;

    private AckgateCommand(OutputStream bytes) {
        this.bytes = bytes;
    }

    /** Where the bytes of records go. */
    OutputStream bytes() {
        return bytes;
    }

    /**
     * The command line, whose results go to {@code out} and whose errors are one line each.
     *
     * @param records where the bytes of records go: {@code out}, or what leads there
     */
    static CommandLine commandLine(OutputStream out, OutputStream records) {
        return new CommandLine(new AckgateCommand(records))
                .setOut(new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8)))
                .setParameterExceptionHandler(AckgateCommand::wrongUsage)
                .setExecutionExceptionHandler(
                        (thrown, line, parsed) -> {
                            line.getErr().println("ackgate: " + Printable.text(explain(thrown)));
                            return exitStatus(thrown);
                        });
    }

    private static int wrongUsage(ParameterException thrown, String[] args) {
        CommandLine line = thrown.getCommandLine();
        PrintWriter err = line.getErr();
        err.println("ackgate: " + thrown.getMessage());
        if (args.length == 0) {
            line.usage(err);
        } else {
            err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        }
        return CommandLine.ExitCode.USAGE;
    }

    private static int exitStatus(Exception thrown) {
        return switch (thrown) {
            case RequestException refused
                    when refused.code().equals(GatewayError.NETWORK_EXCEPTION) ->
                    ExitStatus.NO_GATEWAY;
            case DeliveryException failed when failed.writeStatus() != WriteStatus.NOT_WRITTEN ->
                    ExitStatus.MAY_HAVE_BEEN_WRITTEN;
            default -> ExitStatus.FAILED;
        };
    }

    private static String explain(Exception thrown) {
        return switch (thrown) {
            case RequestException refused -> refused.code() + ": " + refused.getMessage();
            case DeliveryException failed -> String.valueOf(failed.getMessage());
            case CommandFailure failure -> String.valueOf(failure.getMessage());
            // A bug: its trace is the only help there is.
            default -> new Trace(thrown).toString();
        };
    }

    private record Trace(Exception thrown) {
        @Override
        public String toString() {
            StringWriter text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text, true));
            return text.toString();
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command is given");
    }

    /** The version that the build wrote into the jar's manifest. */
    static final class JarVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            @Nullable String version = AckgateCommand.class.getPackage().getImplementationVersion();
            return new String[] {"ackgate " + (version == null ? "(not packaged)" : version)};
        }
    }
}
