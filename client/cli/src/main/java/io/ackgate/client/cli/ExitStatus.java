package io.ackgate.client.cli;

import picocli.CommandLine.ExitCode;

/** The exit statuses of commands, for scripts. */
final class ExitStatus {
    /** Everything that was asked for was done. */
    static final int OK = ExitCode.OK;

    /** It failed; no record that was not acknowledged was written. */
    static final int FAILED = ExitCode.SOFTWARE;

    /** The command line is wrong; nothing was done. */
    static final int USAGE = ExitCode.USAGE;

    /** At least one record that was not acknowledged may have been written. */
    static final int MAY_HAVE_BEEN_WRITTEN = 3;

    /** No gateway answered. */
    static final int NO_GATEWAY = 4;

    private ExitStatus() {}
}
