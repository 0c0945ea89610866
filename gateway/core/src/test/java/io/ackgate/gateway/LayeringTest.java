package io.ackgate.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.ackgate.gateway.partition.Partition;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Deciding is pure, doing is at the edge: who may know whom in the gateway's core.
 *
 * <p>The rules name packages rather than classes, so that a class that lands in one is held to its
 * rule without anybody thinking of it.
 */
class LayeringTest {
    /** Packages that decide: stepped by inputs that carry the time, they only compute. */
    private static final String[] PURE = {
        "io.ackgate.gateway.partition..",
        "io.ackgate.gateway.ownership..",
        "io.ackgate.gateway.host.."
    };

    private static final String[] PURE_MAY_SEE = {
        "io.ackgate.gateway.partition..",
        "io.ackgate.gateway.ownership..",
        "io.ackgate.gateway.host..",
        "io.ackgate.gateway.error",
        "io.ackgate.gateway.metadata",
        "io.ackgate.record..",
        "io.ackgate.storage.api..",
        "io.ackgate.storage.producer..",
        "java.lang..",
        "java.nio",
        "java.nio.charset",
        "java.util",
        "java.util.function",
        "java.util.regex",
        "java.util.stream",
        "java.util.zip",
        "org.jspecify.annotations"
    };

    private final JavaClasses core = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void what_decides_sees_values_only() {
        classes()
                .that(resideInAnyPackage(PURE))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(PURE_MAY_SEE))
                .because("a decision must give the same answer in the simulation")
                .check(core);
    }

    @Test
    void what_decides_has_neither_clock_nor_chance_nor_threads() {
        noClasses()
                .that(resideInAnyPackage(PURE))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.SplittableRandom")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Timer")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .because("time is an argument and chance is an input")
                .check(core);
    }

    @Test
    void the_core_knows_no_framework() {
        classes()
                .that(resideInAPackage("io.ackgate.gateway.."))
                .should()
                .onlyDependOnClassesThat(
                        resideInAnyPackage(
                                "io.ackgate..",
                                "com.google.protobuf",
                                "java..",
                                "org.jspecify.annotations"))
                .because("Quarkus, Mutiny and gRPC meet the core in gateway/app")
                .check(core);
    }

    @Test
    void messages_of_the_metadata_store_are_known_to_their_codecs_only() {
        noClasses()
                .that(resideInAPackage("io.ackgate.gateway.."))
                .and()
                .haveSimpleNameNotEndingWith("Codec")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("com.google.protobuf..", "io.ackgate.metadata.v1.."))
                .because("everything else works with values of its own")
                .check(core);
    }

    @Test
    void the_rooms_of_a_partition_see_only_those_below_them() {
        String partition = "io.ackgate.gateway.partition";
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("partition")
                .definedBy(equivalentTo(Partition.class))
                .layer("takeover")
                .definedBy(partition + ".takeover")
                .layer("recovering")
                .definedBy(partition + ".recovering")
                .layer("leading")
                .definedBy(partition + ".leading")
                .layer("epoch")
                .definedBy(partition + ".epoch")
                .layer("reads")
                .definedBy(partition + ".reads")
                .layer("acks")
                .definedBy(partition + ".acks")
                .layer("replicas")
                .definedBy(partition + ".replicas")
                .layer("isr")
                .definedBy(partition + ".isr")
                .layer("role")
                .definedBy(partition + ".role")
                .layer("values")
                .definedBy(resideInAPackage(partition).and(not(equivalentTo(Partition.class))))
                .whereLayer("takeover")
                .mayOnlyBeAccessedByLayers("partition")
                .whereLayer("recovering")
                .mayOnlyBeAccessedByLayers("takeover")
                .whereLayer("leading")
                .mayOnlyBeAccessedByLayers("recovering")
                .whereLayer("epoch")
                .mayOnlyBeAccessedByLayers("takeover", "recovering", "leading")
                .whereLayer("reads")
                .mayOnlyBeAccessedByLayers("leading")
                .whereLayer("acks")
                .mayOnlyBeAccessedByLayers("leading")
                .whereLayer("replicas")
                .mayOnlyAccessLayers("isr", "role", "values")
                .whereLayer("isr")
                .mayOnlyAccessLayers("role", "values")
                .whereLayer("role")
                .mayOnlyAccessLayers("values")
                .whereLayer("values")
                .mayNotAccessAnyLayer()
                .because("a room that knows the one above it cannot be read alone")
                .check(core);
    }
}
