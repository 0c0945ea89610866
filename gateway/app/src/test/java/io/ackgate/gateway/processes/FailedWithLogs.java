package io.ackgate.gateway.processes;

import java.util.Collection;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Tells with a failure what the processes have said. */
final class FailedWithLogs
        implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private final Supplier<Collection<AckgateProcess>> processes;

    FailedWithLogs(Supplier<Collection<AckgateProcess>> processes) {
        this.processes = processes;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure)
            throws Throwable {
        throw withLogs(failure);
    }

    @Override
    public void handleBeforeEachMethodExecutionException(
            ExtensionContext context, Throwable failure) throws Throwable {
        throw withLogs(failure);
    }

    private Throwable withLogs(Throwable failure) {
        failure.addSuppressed(
                new AssertionError(
                        processes.get().stream()
                                .map(AckgateProcess::log)
                                .collect(Collectors.joining("\n", "\n", ""))));
        return failure;
    }
}
