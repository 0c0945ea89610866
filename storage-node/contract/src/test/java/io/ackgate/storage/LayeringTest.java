package io.ackgate.storage;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The contract has values and decisions; what they are given is all they know. */
class LayeringTest {
    private final JavaClasses contract =
            new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void what_decides_has_neither_files_nor_threads() {
        classes()
                .that(resideInAPackage("io.ackgate.storage.."))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                        "io.ackgate..",
                                        "java.lang..",
                                        "java.nio",
                                        "java.nio.charset",
                                        "java.util",
                                        "java.util.function",
                                        "java.util.stream",
                                        "java.util.zip",
                                        "org.jspecify.annotations")
                                .or(type(CompletionStage.class)))
                .because("a decision must give the same answer in the simulation")
                .check(contract);
    }
}
