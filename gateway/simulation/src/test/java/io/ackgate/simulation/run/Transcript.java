package io.ackgate.simulation.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A story in one file: lines that begin with {@code >} are commands (see {@link StoryCommands}),
 * lines that begin with {@code #} explain them, all others are what the world did in answer to the
 * command above. With {@code -Dstories.write} the answers are written anew; read the difference
 * before it is committed.
 *
 * @param file {@code src/test/resources/stories/NAME.txt}
 */
record Transcript(Path file) {
    private static final String COMMAND = "> ";
    private static final String COMMENT = "#";
    private static final Path STORIES =
            Path.of(System.getProperty("repository.root", "."))
                    .resolve("gateway/simulation/src/test/resources/stories");

    /** Every story there is. */
    static List<Transcript> all() throws IOException {
        try (Stream<Path> files = Files.list(STORIES)) {
            return files.sorted().map(Transcript::new).toList();
        }
    }

    /** As a sentence. */
    String name() {
        return file.getFileName().toString().replace(".txt", "").replace('-', ' ');
    }

    /** Plays the commands and compares the answers. */
    void play() throws IOException {
        String stored = Files.readString(file);
        String played = String.join("\n", played(stored.lines().toList())) + "\n";
        if (System.getProperty("stories.write") != null) {
            Files.writeString(file, played);
        } else {
            assertEquals(
                    stored, played, () -> "the story '" + name() + "' is told differently now");
        }
    }

    private List<String> played(List<String> lines) {
        StoryCommands commands = new StoryCommands();
        List<String> played = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith(COMMENT)) {
                played.add(line);
            } else if (line.startsWith(COMMAND)) {
                played.add(line);
                try {
                    played.addAll(commands.run(line.substring(COMMAND.length())));
                } catch (AssertionError | RuntimeException e) {
                    String where = "%s:%d: %s".formatted(file.getFileName(), i + 1, line);
                    throw new AssertionError(where + "\n" + e.getMessage(), e);
                }
            }
        }
        return played;
    }
}
