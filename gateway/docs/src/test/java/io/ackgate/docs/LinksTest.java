package io.ackgate.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links between pages and files of the repository lead somewhere. */
class LinksTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

    @Test
    void every_link_within_the_repository_leads_to_a_file() throws IOException {
        List<Path> pages = Repository.files(name -> name.endsWith(".md"));
        assertTrue(pages.size() > 20, pages::toString);
        Set<String> broken = new TreeSet<>();
        for (Path page : pages) {
            Matcher link = LINK.matcher(Files.readString(page));
            while (link.find()) {
                String to = link.group(1);
                if (!to.contains(":") && !Files.exists(page.resolveSibling(to))) {
                    broken.add(Repository.root().relativize(page) + " -> " + to);
                }
            }
        }
        assertEquals(Set.of(), broken);
    }
}
