package io.ackgate.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.lang.model.element.Name;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The Javadoc of one source file, by what it stands at: {@code Type}, {@code Type.method} or {@code
 * Type.CONSTANT}, in the order of the file. What has none is there with an empty text.
 */
final class JavadocOf {
    private static final Pattern CODE = Pattern.compile("\\{@code\\s+([^}]*)}");
    private static final Pattern LINK = Pattern.compile("\\{@link\\s+([^}]*)}");

    private final Map<String, String> texts = new LinkedHashMap<>();

    /**
     * Reads a file.
     *
     * @param source from the root of the repository
     */
    JavadocOf(String source) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path file = Repository.root().resolve(source);
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjects(file));
            DocTrees docs = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Reader(docs).scan(unit, "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All there are. */
    Map<String, String> all() {
        return texts;
    }

    /** Without tags of Javadoc and line ends: a sentence or some. */
    static String plain(String javadoc) {
        String text = CODE.matcher(javadoc).replaceAll("`$1`");
        text =
                LINK.matcher(text)
                        .replaceAll(link -> Matcher.quoteReplacement("`" + link.group(1) + "`"));
        return text.replaceAll("\\s+", " ").strip();
    }

    private final class Reader extends TreePathScanner<@Nullable Object, String> {
        private final DocTrees docs;

        Reader(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public @Nullable Object visitClass(ClassTree type, String nothing) {
            note(type.getSimpleName().toString());
            return super.visitClass(type, nothing);
        }

        @Override
        public @Nullable Object visitMethod(MethodTree method, String nothing) {
            note(inType(method.getName()));
            return null;
        }

        @Override
        public @Nullable Object visitVariable(VariableTree variable, String nothing) {
            note(inType(variable.getName()));
            return null;
        }

        private String inType(Name name) {
            for (TreePath path = getCurrentPath(); path != null; path = path.getParentPath()) {
                if (path.getLeaf() instanceof ClassTree type) {
                    return type.getSimpleName() + "." + name;
                }
            }
            throw new IllegalStateException(name + " is in no type");
        }

        private void note(String name) {
            String text = docs.getDocComment(getCurrentPath());
            texts.putIfAbsent(name, text == null ? "" : text);
        }
    }
}
