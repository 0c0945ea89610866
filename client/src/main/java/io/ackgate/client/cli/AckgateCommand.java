package io.ackgate.client.cli;

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
        versionProvider = AckgateCommand.JarVersion.class)
public final class AckgateCommand implements Runnable {
    @Spec private CommandSpec spec;

    /** Runs the command line and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new AckgateCommand()).execute(args));
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
