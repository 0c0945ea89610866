package io.ackgate.gateway.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a build has made of an application: a jar, or with {@code -Dnative} an executable.
 *
 * @param target where the build has put it
 */
record PackagedApplication(Path target) {
    /** Whether this build makes executables and no jars. */
    static final boolean NATIVE = Boolean.getBoolean("test.native");

    /** The application of a module, as {@code gateway/app}. */
    static PackagedApplication of(String module) {
        return new PackagedApplication(
                Path.of(System.getProperty("repository.root", "../.."))
                        .resolve(module)
                        .resolve("target")
                        .toAbsolutePath()
                        .normalize());
    }

    /**
     * The command that starts it.
     *
     * @param heap the most that it may be, as {@code 512m}
     * @param settings as {@code name=value}
     */
    List<String> command(String heap, List<String> settings) {
        List<String> command = new ArrayList<>();
        command.add((NATIVE ? executable() : java()).toString());
        command.add("-Xmx" + heap);
        settings.forEach(setting -> command.add("-D" + setting));
        if (!NATIVE) {
            // They live for seconds: what counts is how soon they are there.
            command.add(1, "-XX:TieredStopAtLevel=1");
            command.add("-jar");
            command.add(jar().toString());
        }
        return command;
    }

    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private Path jar() {
        Path jar = target.resolve("quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw missing("quarkus-app/quarkus-run.jar");
        }
        return jar;
    }

    private Path executable() {
        try (DirectoryStream<Path> runners = Files.newDirectoryStream(target, "*-runner")) {
            for (Path runner : runners) {
                return runner;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw missing("*-runner");
    }

    private IllegalStateException missing(String what) {
        return new IllegalStateException(
                target.resolve(what) + " is missing: package the applications first");
    }
}
