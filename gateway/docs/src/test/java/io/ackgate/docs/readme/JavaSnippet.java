package io.ackgate.docs.readme;

import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Statements that use the Java client, as a page shows them. */
final class JavaSnippet {
    private static final String BEGIN = "```java";
    private static final String END = "```";

    private JavaSnippet() {}

    /** The only one of a page. */
    static String of(List<String> page) {
        int begin = page.indexOf(BEGIN);
        if (begin < 0 || begin != page.lastIndexOf(BEGIN)) {
            throw new IllegalArgumentException("there is not one Java snippet");
        }
        List<String> rest = page.subList(begin + 1, page.size());
        return String.join("\n", rest.subList(0, rest.indexOf(END)));
    }

    /**
     * Compiles statements and runs them. They may import nothing, use everything in the client's
     * package, and call {@code log}.
     *
     * @param directory for the class
     * @return what they passed to {@code log}, one string a call
     */
    @SuppressWarnings("unchecked")
    static List<String> run(String statements, Path directory) throws Exception {
        compile(
                """
                import io.ackgate.client.*;

                public final class Snippet {
                    private static final java.util.List<String> LOGGED =
                            new java.util.concurrent.CopyOnWriteArrayList<>();

                    private static void log(Object... words) {
                        LOGGED.add(java.util.Arrays.toString(words));
                    }

                    public static java.util.List<String> run() {
                %s
                        return LOGGED;
                    }
                }
                """
                        .formatted(statements),
                directory);
        try (URLClassLoader loader =
                new URLClassLoader(
                        new URL[] {directory.toUri().toURL()},
                        JavaSnippet.class.getClassLoader())) {
            return (List<String>) loader.loadClass("Snippet").getMethod("run").invoke(null);
        }
    }

    private static void compile(String source, Path directory) {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        boolean compiled =
                javac.getTask(
                                said,
                                null,
                                null,
                                List.of("-proc:none", "-d", directory.toString(), "-cp", classPath),
                                null,
                                List.of(new Source(source)))
                        .call();
        if (!compiled) {
            throw new AssertionError("the Java snippet does not compile: " + said);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        private Source(String text) {
            super(URI.create("string:///Snippet.java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public String getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
