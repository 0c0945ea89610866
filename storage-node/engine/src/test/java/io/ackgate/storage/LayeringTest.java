package io.ackgate.storage;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Deciding is pure, doing is at the edge: who may know whom in the storage engine. */
class LayeringTest {
    private final JavaClasses engine =
            new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void only_the_disk_touches_files() {
        noClasses()
                .that(resideInAPackage("io.ackgate.storage.."))
                .and(not(resideInAPackage("io.ackgate.storage.local..")))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.nio.channels..", "java.nio.file.."))
                .because("the simulated disk must stand in for every byte that is written")
                .check(engine);
    }

    @Test
    void the_engine_has_neither_clock_nor_chance() {
        noClasses()
                .that(resideInAPackage("io.ackgate.storage.."))
                .and(
                        not(
                                resideInAnyPackage(
                                        "io.ackgate.storage.runtime..",
                                        "io.ackgate.storage.local..")))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .because("time is an argument and chance is an input")
                .check(engine);
    }

    @Test
    void the_engine_knows_no_framework() {
        classes()
                .that(resideInAPackage("io.ackgate.storage.."))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "io.ackgate.storage..",
                                "io.ackgate.record..",
                                "java..",
                                "org.jspecify.annotations"))
                .because("Quarkus and gRPC meet the engine in storage-node/app")
                .check(engine);
    }
}
