package io.ackgate.client.cli;

import io.ackgate.client.Tls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether gateways are talked to by TLS, and with which certificates. */
final class TlsOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    @Option(
            names = "--tls",
            description = "Talk to gateways by TLS. Default: as the context says, or clear text.")
    private boolean encrypted;

    @Option(
            names = "--ca-cert",
            paramLabel = "FILE",
            description = {
                "Who may sign a gateway's certificate, or that certificate itself, in PEM. Implies",
                "--tls. Default: who is trusted by the JVM."
            })
    private @Nullable Path trusted;

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = {
                "The certificate to show to gateways that ask for one, in PEM. Implies --tls.",
                "Default: none."
            })
    private @Nullable Path certificate;

    @Option(
            names = "--cert-key",
            paramLabel = "FILE",
            description = "Its private key, PKCS#8 in PEM. Default: in the file of --cert.")
    private @Nullable Path key;

    /** What was said; null if nothing was. */
    @Nullable Tls get() {
        if (!encrypted && trusted == null && certificate == null && key == null) {
            return null;
        }
        if (key != null && certificate == null) {
            throw new ParameterException(
                    mixee.commandLine(), "--cert-key needs --cert, the certificate it belongs to");
        }
        return new Tls(absolute(trusted), absolute(certificate), absolute(key));
    }

    /** A context is used from other directories, too. */
    private static @Nullable Path absolute(@Nullable Path file) {
        return file == null ? null : file.toAbsolutePath();
    }
}
