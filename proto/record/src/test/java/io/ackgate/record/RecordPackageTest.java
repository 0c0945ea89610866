package io.ackgate.record;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class RecordPackageTest {
    @Test
    void is_pure() {
        JavaClasses record =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("io.ackgate.record");
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.ackgate.record",
                        "java.lang..",
                        // Streams of decompressed bytes; nothing is read from outside.
                        "java.io",
                        "java.util",
                        "java.util.zip",
                        "java.nio",
                        "java.nio.charset",
                        // Blocks of bytes to blocks of bytes, without streams of the outside.
                        "io.airlift.compress..",
                        "org.jspecify.annotations")
                .check(record);
    }
}
