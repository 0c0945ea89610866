package io.ackgate.docs;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What the processes may write to their logs at WARN and ERROR, as it stands in their sources. */
final class LogLines {
    private static final Set<String> ALWAYS = Set.of("warn", "warnf", "error", "errorf");
    private static final int WORTH_LOOKING_FOR = 8;

    private LogLines() {}

    /** Of each message the parts that are always the same; none of messages that have none. */
    static Set<List<String>> of(List<Path> sources) throws IOException {
        Set<List<String>> messages = new LinkedHashSet<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task =
                    (JavacTask)
                            compiler.getTask(
                                    null,
                                    files,
                                    null,
                                    List.of("-proc:none"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources));
            for (var unit : task.parse()) {
                new Calls(messages).scan(unit, "");
            }
        }
        return messages;
    }

    private static final class Calls extends TreeScanner<@Nullable Object, String> {
        private final Set<List<String>> messages;

        Calls(Set<List<String>> messages) {
            this.messages = messages;
        }

        @Override
        public @Nullable Object visitMethodInvocation(MethodInvocationTree call, String nothing) {
            if (call.getMethodSelect() instanceof MemberSelectTree method
                    && method.getExpression().toString().equalsIgnoreCase("log")
                    && wantsSomebody(method.getIdentifier().toString(), call)) {
                List<String> parts = call.getArguments().stream().flatMap(Calls::parts).toList();
                if (!parts.isEmpty()) {
                    messages.add(parts);
                }
            }
            return super.visitMethodInvocation(call, nothing);
        }

        private static boolean wantsSomebody(String method, MethodInvocationTree call) {
            String first =
                    call.getArguments().isEmpty() ? "" : call.getArguments().get(0).toString();
            return ALWAYS.contains(method)
                    || (method.equals("log")
                            && (first.contains("WARNING") || first.contains("ERROR")));
        }

        private static Stream<String> parts(ExpressionTree argument) {
            return Arrays.stream(text(argument).split("%[a-z]|: |\\{[^}]*}|\u0000"))
                    .map(part -> part.replace("''", "'").strip())
                    .filter(part -> part.length() >= WORTH_LOOKING_FOR);
        }

        /** Of literals put together; what is no literal is where a part ends. */
        private static String text(ExpressionTree expression) {
            return switch (expression) {
                case LiteralTree literal when literal.getValue() instanceof String text -> text;
                case BinaryTree sum ->
                        List.of(sum.getLeftOperand(), sum.getRightOperand()).stream()
                                .map(Calls::text)
                                .collect(Collectors.joining());
                default -> "\u0000";
            };
        }
    }
}
