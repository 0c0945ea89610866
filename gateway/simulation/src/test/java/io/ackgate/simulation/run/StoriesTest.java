package io.ackgate.simulation.run;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What everybody should have read once, each in a file of its own: how it goes when it goes well,
 * the plainest mishaps, and those ways in which this protocol breaks when it is built carelessly
 * that are worth a whole story.
 */
class StoriesTest {
    @TestFactory
    Stream<DynamicTest> stories() throws IOException {
        return Transcript.all().stream()
                .map(story -> DynamicTest.dynamicTest(story.name(), story::play));
    }
}
