package io.ackgate.simulation.mutation;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import io.ackgate.simulation.mutation.Mutation.Edit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** A source whose members can be changed one by one, found by their names. */
final class MutableSource {
    private record Range(int from, int to) {}

    private final String path;
    private String text;

    /**
     * A source as it stands on disk.
     *
     * @param path from the repository's root on
     */
    MutableSource(String path, String text) {
        this.path = path;
        this.text = text;
    }

    JavaFileObject toFile() {
        return new SourceText(path, text);
    }

    /**
     * Replaces what an edit names.
     *
     * @throws IllegalStateException if it does not stand there as often as the edit says
     */
    void apply(Edit edit) throws IOException {
        List<Range> members = membersOf(edit);
        if (members.isEmpty()) {
            throw new IllegalStateException(
                    "%s has no member %s (%s)".formatted(edit.type(), edit.member(), path));
        }
        LooseText loose = new LooseText(text);
        List<Range> found = new ArrayList<>();
        for (Range member : members) {
            loose.find(edit.find(), member.from(), member.to())
                    .forEach((from, to) -> found.add(new Range(from, to)));
        }
        if (found.size() != edit.times()) {
            throw new IllegalStateException(
                    "in %s (%s) this stands %d times and not %d times: %s"
                            .formatted(
                                    edit.place(),
                                    path,
                                    found.size(),
                                    edit.times(),
                                    edit.find().strip()));
        }
        if (LooseText.same(edit.find(), edit.replace())) {
            throw new IllegalStateException("in " + edit.place() + " the edit changes nothing");
        }
        StringBuilder changed = new StringBuilder(text);
        for (int i = found.size() - 1; i >= 0; i--) {
            changed.replace(found.get(i).from(), found.get(i).to(), edit.replace());
        }
        text = changed.toString();
    }

    private List<Range> membersOf(Edit edit) throws IOException {
        JavacTask task =
                (JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(null, null, null, null, null, List.of(toFile()));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        Iterator<? extends CompilationUnitTree> units = task.parse().iterator();
        CompilationUnitTree unit = units.next();
        List<Range> ranges = new ArrayList<>();
        for (Tree member : typeNamed(unit.getTypeDecls(), edit.type()).getMembers()) {
            if (edit.member().equals(nameOf(member))) {
                ranges.add(
                        new Range(
                                (int) positions.getStartPosition(unit, member),
                                (int) positions.getEndPosition(unit, member)));
            }
        }
        return ranges;
    }

    private ClassTree typeNamed(List<? extends Tree> among, String name) {
        int dot = name.indexOf('.');
        String first = dot < 0 ? name : name.substring(0, dot);
        for (Tree tree : among) {
            if (tree instanceof ClassTree type && type.getSimpleName().contentEquals(first)) {
                return dot < 0 ? type : typeNamed(type.getMembers(), name.substring(dot + 1));
            }
        }
        throw new IllegalStateException(path + " has no class " + name);
    }

    private static String nameOf(Tree member) {
        return switch (member) {
            case MethodTree method -> {
                String name = method.getName().toString();
                yield name.equals("<init>") ? "new" : name;
            }
            case VariableTree field -> field.getName().toString();
            default -> "";
        };
    }
}
