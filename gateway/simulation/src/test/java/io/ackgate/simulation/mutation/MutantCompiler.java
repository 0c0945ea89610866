package io.ackgate.simulation.mutation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Breaks sources in memory and compiles them there; the files stay as they are. */
final class MutantCompiler {
    private final Path root;

    MutantCompiler(Path root) {
        this.root = root;
    }

    /** The classes of the sources that a mutation changes. */
    Map<String, byte[]> compile(Mutation mutation) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Mutation.Edit edit : mutation.edits()) {
            String source = sources.get(edit.file());
            if (source == null) {
                source = Files.readString(root.resolve(edit.file()));
            }
            int at = source.indexOf(edit.find());
            if (at < 0 || source.indexOf(edit.find(), at + 1) >= 0) {
                throw new IllegalStateException(
                        "mutation \"%s\": this does not stand exactly once in %s any more: %s"
                                .formatted(mutation.rule(), edit.file(), edit.find()));
            }
            sources.put(edit.file(), source.replace(edit.find(), edit.replace()));
        }
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((file, source) -> units.add(new Source(file, source)));
        return compile(mutation, units);
    }

    private static Map<String, byte[]> compile(Mutation mutation, List<JavaFileObject> units)
            throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        try (Classes classes =
                new Classes(compiler.getStandardFileManager(diagnostics, null, null))) {
            boolean compiled =
                    compiler.getTask(
                                    null,
                                    classes,
                                    diagnostics,
                                    List.of(
                                            "-proc:none",
                                            "-nowarn",
                                            "-parameters",
                                            "-classpath",
                                            System.getProperty("java.class.path")),
                                    null,
                                    units)
                            .call();
            if (!compiled) {
                throw new IllegalStateException(
                        "mutation \"" + mutation.rule() + "\": " + diagnostics.getDiagnostics());
            }
            Map<String, byte[]> bytes = new HashMap<>();
            classes.written.forEach((name, out) -> bytes.put(name, out.toByteArray()));
            return bytes;
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("memory:///" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps compiled classes in memory. */
    private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        Classes(JavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    written.put(name, out);
                    return out;
                }
            };
        }
    }
}
