package io.ackgate.docs.readme;

import io.ackgate.docs.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What {@code ./mvnw -q -Dstart} runs once everything is built, as the gateway's POM says it. */
final class StartCommand {
    private static final Path POM = Repository.root().resolve("gateway/app/pom.xml");
    private static final String START =
            "//profile[id='start']//execution[id='start' and phase='package']/configuration/";
    private static final String ARCHIVE = "-XX:AOTCache=";

    private StartCommand() {}

    /** The command in words; {@code ./data} of the process is to be in this directory. */
    static List<String> in(Path directory) throws Exception {
        Map<String, String> properties =
                Map.of(
                        "${java.home}", System.getProperty("java.home"),
                        "${project.build.directory}", POM.resolveSibling("target").toString(),
                        "${maven.multiModuleProjectDirectory}", directory.toString());
        List<String> said = new ArrayList<>();
        said.addAll(texts(START + "executable"));
        said.addAll(texts(START + "arguments/argument"));
        List<String> command = said.stream().map(word -> filled(word, properties)).toList();
        if (!texts(START + "workingDirectory")
                        .equals(List.of("${maven.multiModuleProjectDirectory}"))
                || command.size() < 3
                || command.stream().anyMatch(word -> word.contains("${"))) {
            throw new IllegalStateException(POM + " starts the gateway in another way: " + said);
        }
        // -Dstart makes the archive, which only shortens the start, and a whole build does not.
        return command.stream()
                .filter(
                        word ->
                                !word.startsWith(ARCHIVE)
                                        || Files.exists(Path.of(word.substring(ARCHIVE.length()))))
                .toList();
    }

    private static String filled(String word, Map<String, String> properties) {
        String filled = word;
        for (Map.Entry<String, String> property : properties.entrySet()) {
            filled = filled.replace(property.getKey(), property.getValue());
        }
        return filled;
    }

    private static List<String> texts(String path) throws Exception {
        XPath xpath = XPathFactory.newInstance().newXPath();
        NodeList found =
                (NodeList)
                        xpath.evaluate(
                                path,
                                DocumentBuilderFactory.newInstance()
                                        .newDocumentBuilder()
                                        .parse(POM.toFile()),
                                XPathConstants.NODESET);
        return IntStream.range(0, found.getLength())
                .mapToObj(found::item)
                .map(Node::getTextContent)
                .toList();
    }
}
