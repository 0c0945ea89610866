package io.ackgate.client.cli;

import io.ackgate.client.DeliveryException;
import io.ackgate.client.RequestException;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
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
            ClusterCommand.class,
            PerfCommand.class
        })
public final class AckgateCommand implements Runnable {
    private static final int OUTPUT_BUFFER_CHARS = 1 << 16;

    /** Kept here, since loggers are forgotten when nobody holds on to them. */
    private static final Logger LIBRARIES = Logger.getLogger("");

    @Spec private CommandSpec spec;

    /** Runs the command line and ends the process with its exit status. */
    public static void main(String[] args) {
        // What libraries find worth telling is not for whoever typed a command.
        LIBRARIES.setLevel(Level.WARNING);
        // Written in large pieces: a record a line would otherwise cost a system call each.
        PrintWriter out =
                new PrintWriter(
                        new BufferedWriter(
                                new OutputStreamWriter(
                                        new FileOutputStream(FileDescriptor.out),
                                        StandardCharsets.UTF_8),
                                OUTPUT_BUFFER_CHARS));
        int status = commandLine().setOut(out).execute(args);
        out.flush();
        System.exit(status);
    }

    /** The command line, whose errors are one line each. */
    static CommandLine commandLine() {
        return new CommandLine(new AckgateCommand())
                .setParameterExceptionHandler(AckgateCommand::wrongUsage)
                .setExecutionExceptionHandler(
                        (thrown, line, parsed) -> {
                            line.getErr().println("ackgate: " + explain(thrown));
                            return CommandLine.ExitCode.SOFTWARE;
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
        throw new ParameterException(spec.commandLine(), "Which command?");
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
