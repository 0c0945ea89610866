package io.ackgate.v1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The generated classes, as Java code that imports all of them sees them. */
class ClassNamesTest {
    /** {@code import io.ackgate.v1.*} would leave it open which of the two is meant. */
    @Test
    void no_class_has_the_name_of_one_that_every_java_file_knows() throws Exception {
        List<String> names = topLevelClasses();
        assertTrue(names.contains("ProduceRequest"), names::toString);
        assertEquals(List.of(), names.stream().filter(ClassNamesTest::isInJavaLang).toList());
    }

    private static List<String> topLevelClasses() throws IOException, URISyntaxException {
        Path classes =
                Path.of(
                        ProduceRequest.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        try (Stream<Path> files = Files.list(classes.resolve("io/ackgate/v1"))) {
            return files.map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(name -> !name.contains("$"))
                    .toList();
        }
    }

    private static boolean isInJavaLang(String name) {
        try {
            Class.forName("java.lang." + name);
            return true;
        } catch (ClassNotFoundException another) {
            return false;
        }
    }
}
