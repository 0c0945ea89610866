package io.ackgate.gateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.ackgate.gateway.caller.Caller;
import io.ackgate.gateway.consume.GroupCommits;
import io.ackgate.gateway.consume.GroupProgress;
import io.ackgate.gateway.consume.GroupResets;
import io.ackgate.gateway.consume.PartitionReads;
import io.ackgate.gateway.consume.Subscriptions;
import io.ackgate.gateway.produce.ProducerSessions;
import io.ackgate.gateway.produce.Producing;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the gateway does has words of its own; the packages of protocols only translate. */
class LayeringTest {
    private static final String GATEWAY = "io.ackgate.gateway.";

    /** Packages that say what the gateway does. */
    private static final String[] OWN_WORDS = {
        GATEWAY + "admin..",
        GATEWAY + "caller..",
        GATEWAY + "consume..",
        GATEWAY + "error..",
        GATEWAY + "failure..",
        GATEWAY + "produce.."
    };

    /** Where a use case begins, beside all of {@code admin}. */
    private static final Set<Class<?>> DOORS =
            Set.of(
                    GroupCommits.class,
                    GroupProgress.class,
                    GroupResets.class,
                    PartitionReads.class,
                    ProducerSessions.class,
                    Producing.class,
                    Subscriptions.class);

    private final JavaClasses app = new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void what_the_gateway_does_knows_no_protocol() {
        noClasses()
                .that(resideInAnyPackage(OWN_WORDS))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                "com.fasterxml.jackson..",
                                "com.google.protobuf..",
                                "io.ackgate.v1..",
                                "io.grpc..",
                                "io.vertx..",
                                "jakarta.ws.rs..",
                                GATEWAY + "grpc..",
                                GATEWAY + "http..",
                                GATEWAY + "rest.."))
                .because("a protocol more is a package beside grpc and rest, and nothing else")
                .check(app);
    }

    @Test
    void the_packages_of_protocols_do_not_see_each_other() {
        noClasses()
                .that(resideInAnyPackage(GATEWAY + "grpc.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage(GATEWAY + "rest..", "jakarta.ws.rs.."))
                .check(app);
        noClasses()
                .that(resideInAnyPackage(GATEWAY + "rest.."))
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage(
                                GATEWAY + "grpc..",
                                "com.google.protobuf..",
                                "io.ackgate.v1..",
                                "io.grpc.."))
                .check(app);
    }

    @Test
    void each_door_asks_first_on_whose_behalf_it_is_opened() {
        methods()
                .that()
                .arePublic()
                .and(isOfADoor())
                .should(be(callerFirst()))
                .because("what a caller may do can be decided there")
                .check(app);
    }

    private static DescribedPredicate<JavaMethod> isOfADoor() {
        return DescribedPredicate.describe(
                "are of a door",
                method ->
                        DOORS.stream().anyMatch(method.getOwner()::isEquivalentTo)
                                || (method.getOwner().getPackageName().equals(GATEWAY + "admin")
                                        && method.getOwner().isAnnotatedWith(Singleton.class)));
    }

    private static DescribedPredicate<JavaMethod> callerFirst() {
        return DescribedPredicate.describe(
                "given the caller first",
                method ->
                        !method.getRawParameterTypes().isEmpty()
                                && method.getRawParameterTypes()
                                        .getFirst()
                                        .isEquivalentTo(Caller.class));
    }
}
