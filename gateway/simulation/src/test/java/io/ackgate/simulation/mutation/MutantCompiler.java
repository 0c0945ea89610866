package io.ackgate.simulation.mutation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final List<String> MUTABLE =
            List.of(
                    "gateway/core/src/main/java",
                    "storage-node/contract/src/main/java",
                    "storage-node/disk/src/main/java",
                    "storage-node/engine/src/main/java");

    private final Path root;
    private final SourceTree tree;

    MutantCompiler(Path root) throws IOException {
        this.root = root;
        this.tree = SourceTree.of(root, MUTABLE);
    }

    /**
     * The classes of the sources that a mutation changes.
     *
     * @throws IllegalStateException if an edit does not find its place, or the result does not
     *     compile
     */
    Map<String, byte[]> compile(Mutation mutation) throws IOException {
        Map<String, MutableSource> sources = new LinkedHashMap<>();
        try {
            for (Mutation.Edit edit : mutation.edits()) {
                String path = tree.pathOf(edit.type());
                MutableSource source = sources.get(path);
                if (source == null) {
                    source = new MutableSource(path, Files.readString(root.resolve(path)));
                    sources.put(path, source);
                }
                source.apply(edit);
            }
            return compile(sources.values().stream().map(MutableSource::toFile).toList());
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "mutation \"" + mutation.rule() + "\": " + e.getMessage(), e);
        }
    }

    private static Map<String, byte[]> compile(List<JavaFileObject> units) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<String> options =
                List.of(
                        "-proc:none",
                        "-nowarn",
                        "-parameters",
                        "-classpath",
                        System.getProperty("java.class.path"));
        try (Classes classes =
                new Classes(compiler.getStandardFileManager(diagnostics, null, null))) {
            if (!compiler.getTask(null, classes, diagnostics, options, null, units).call()) {
                throw new IllegalStateException(
                        "it does not compile: " + diagnostics.getDiagnostics());
            }
            Map<String, byte[]> bytes = new HashMap<>();
            classes.written.forEach((name, out) -> bytes.put(name, out.toByteArray()));
            return bytes;
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
