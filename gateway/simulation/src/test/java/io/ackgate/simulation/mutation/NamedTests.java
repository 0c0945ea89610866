package io.ackgate.simulation.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs tests of other modules against a mutant, each in a class loader of its own. */
final class NamedTests {
    /** A mutant may never come to an end: that is noticed as well. */
    private static final long MAX_MILLIS = 60_000;

    private static final List<String> MODULES =
            List.of(
                    "gateway/core",
                    "storage-node/contract",
                    "storage-node/disk-simulated",
                    "storage-node/engine");

    private final List<Path> classes;
    private final SourceTree tree;
    private final Set<String> sound = new HashSet<>();

    NamedTests(Path root) throws IOException {
        classes =
                MODULES.stream().map(m -> root.resolve(m).resolve("target/test-classes")).toList();
        tree = SourceTree.of(root, MODULES.stream().map(m -> m + "/src/test/java").toList());
    }

    /** Class loader of a mutant, and of the tests that are to see it. */
    MutantLoader loaderOf(Map<String, byte[]> mutant) {
        return new MutantLoader(mutant, classes, NamedTests.class.getClassLoader());
    }

    /**
     * What fails of a test; empty if all is well.
     *
     * @param test {@code Class} or {@code Class.method}; it must pass without a mutant
     */
    String failure(String test, Map<String, byte[]> mutant) throws Exception {
        if (sound.add(test)) {
            String already = run(test, loaderOf(Map.of()));
            if (!already.isEmpty()) {
                throw new IllegalStateException(test + " fails without any mutation: " + already);
            }
        }
        return run(test, loaderOf(mutant));
    }

    private String run(String test, MutantLoader loader) throws Exception {
        DiscoverySelector selector = selector(test, loader);
        AtomicReference<String> failure = new AtomicReference<>("it did not end");
        Thread runner =
                Thread.ofPlatform()
                        .daemon()
                        .name("mutant of " + test)
                        .unstarted(() -> failure.set(execute(test, selector)));
        runner.setContextClassLoader(loader);
        runner.start();
        runner.join(MAX_MILLIS);
        return failure.get();
    }

    private static String execute(String test, DiscoverySelector selector) {
        LauncherDiscoveryRequest request =
                LauncherDiscoveryRequestBuilder.request().selectors(selector).build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, listener);
        TestExecutionSummary summary = listener.getSummary();
        if (summary.getTestsStartedCount() == 0) {
            throw new IllegalStateException("there is no test in " + test);
        }
        return summary.getFailures().stream()
                .findFirst()
                .map(first -> first.getTestIdentifier().getDisplayName())
                .orElse("");
    }

    private DiscoverySelector selector(String test, MutantLoader loader) throws Exception {
        int dot = test.indexOf('.');
        String simple = dot < 0 ? test : test.substring(0, dot);
        String path = tree.pathOf(simple);
        String name =
                path.substring(path.indexOf("java/") + 5, path.length() - 5).replace('/', '.');
        if (classes.stream().noneMatch(in -> Files.exists(in.resolve(fileOf(name))))) {
            throw new IllegalStateException(
                    name + " is not compiled: build with -am, so that its module is compiled too");
        }
        Class<?> type = loader.loadClass(name);
        return dot < 0 ? selectClass(type) : selectMethod(type, test.substring(dot + 1));
    }

    private static String fileOf(String className) {
        return className.replace('.', '/') + ".class";
    }
}
