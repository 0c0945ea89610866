package io.ackgate.gateway.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The languages in which the system of this machine can say what is wrong. */
final class Languages {
    private static final Path CATALOGUES = Path.of("/usr/share/locale");

    private Languages() {}

    /** A locale in which messages are translated; {@code C} if none is installed. */
    static String notEnglish() {
        try {
            Process process = new ProcessBuilder("locale", "-a").start();
            try (var said = process.getInputStream()) {
                return new String(said.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(Languages::isTranslated)
                        .findFirst()
                        .orElse("C");
            }
        } catch (IOException noSuchCommand) {
            return "C";
        }
    }

    private static boolean isTranslated(String locale) {
        String country = locale.split("[.@]", 2)[0];
        return Stream.of(country, country.split("_", 2)[0])
                .anyMatch(name -> Files.exists(CATALOGUES.resolve(name + "/LC_MESSAGES/libc.mo")));
    }
}
