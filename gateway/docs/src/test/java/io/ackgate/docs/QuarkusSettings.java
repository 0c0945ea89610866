package io.ackgate.docs;

import java.io.IOException;
import java.nio.file.Files;

/** What a process sets of Quarkus's server, with the reason that stands beside it. */
final class QuarkusSettings {
    private static final String AS_ABOVE = "as above";

    private QuarkusSettings() {}

    /**
     * A table of them.
     *
     * @param source a file of properties, from the root of the repository
     */
    static String table(String source) throws IOException {
        StringBuilder table = new StringBuilder(Page.head("setting", "value", "why"));
        StringBuilder comment = new StringBuilder();
        for (String line : Files.readAllLines(Repository.root().resolve(source))) {
            if (line.isBlank()) {
                comment.setLength(0);
            } else if (line.startsWith("#")) {
                comment.append(line.substring(1));
            } else if (line.startsWith("quarkus.") && isOfTheServer(line)) {
                int equals = line.indexOf('=');
                table.append(
                        Page.row(
                                "`" + line.substring(0, equals) + "`",
                                "`" + line.substring(equals + 1) + "`",
                                comment.toString().strip()));
                comment.setLength(0);
                comment.append(AS_ABOVE);
            }
        }
        return table.toString();
    }

    private static boolean isOfTheServer(String line) {
        return (line.startsWith("quarkus.http.") || line.startsWith("quarkus.grpc.server."))
                && !line.contains("test-port");
    }
}
