package io.ackgate.gateway.transport;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Who may know whom between a gateway and its storage nodes. */
class LayeringTest {
    private static final String LOCAL = "io.ackgate.gateway.transport.local..";
    private static final String GRPC = "io.ackgate.gateway.transport.grpc..";
    private static final String[] EVERYBODY = {
        "io.ackgate.gateway.transport",
        "io.ackgate.gateway.transport.node..",
        "io.ackgate.storage..",
        "java..",
        "org.jspecify.annotations"
    };

    private final JavaClasses transport =
            new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void nodes_in_the_same_process_need_no_wire() {
        classes()
                .that(resideInAPackage(LOCAL))
                .should()
                .onlyDependOnClassesThat(resideInAPackage(LOCAL).or(resideInAnyPackage(EVERYBODY)))
                .because("standalone mode starts faster and runs natively without gRPC")
                .check(transport);
    }

    @Test
    void grpc_is_plain_grpc_java() {
        classes()
                .that(resideInAPackage(GRPC))
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage(GRPC)
                                .or(
                                        resideInAnyPackage(
                                                "io.ackgate.gateway.transport",
                                                "io.ackgate.gateway.transport.node..",
                                                "io.ackgate.storage.api..",
                                                "io.ackgate.storage.runtime..",
                                                "io.ackgate.storage.v1..",
                                                "io.ackgate.storage.wire..",
                                                "io.grpc..",
                                                "io.netty..",
                                                "java..",
                                                "org.jspecify.annotations")))
                .because("what it costs was measured without a framework between (ADR 0006)")
                .check(transport);
    }
}
