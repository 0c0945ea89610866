package io.ackgate.simulation.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Stories as they were when somebody last read them: {@code src/test/resources/stories/NAME.txt}.
 * Run with {@code -Dstories.write} to write them anew, and read the difference before it is
 * committed.
 */
final class Golden {
    private Golden() {}

    static void assertTold(String name, Scene scene) {
        String told = String.join("\n", scene.story().lines()) + "\n";
        if (System.getProperty("stories.write") != null) {
            write(name, told);
            return;
        }
        try (InputStream stored = Golden.class.getResourceAsStream("/stories/" + name + ".txt")) {
            if (stored == null) {
                fail("no story " + name + " yet; run with -Dstories.write");
                return;
            }
            String golden = new String(stored.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(golden, told, "the story " + name + " is told differently now");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(String name, String told) {
        Path file =
                Path.of(System.getProperty("repository.root", "."))
                        .resolve("gateway/simulation/src/test/resources/stories")
                        .resolve(name + ".txt");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, told);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
