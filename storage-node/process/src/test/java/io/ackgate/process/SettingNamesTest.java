package io.ackgate.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingNamesTest {
    private final SettingNames names =
            new SettingNames(
                    "a gateway",
                    List.of(
                            "ackgate.data.dir",
                            "ackgate.storage.nodes",
                            "ackgate.storage.nodes[*]",
                            "ackgate.produce.timeout",
                            "ackgate.produce.stream.max-in-flight-requests"),
                    Set.of("ACKGATE_NODE_"));

    @Test
    void settings_that_there_are_and_names_of_others_are_fine() {
        assertEquals(
                List.of(),
                names.problems(
                        List.of(
                                "ackgate.data.dir",
                                "%prod.ackgate.data.dir",
                                "ackgate.storage.nodes[1]",
                                "quarkus.http.port",
                                "ackgatekeeper"),
                        List.of("ACKGATE_PRODUCE_STREAM_MAX_IN_FLIGHT_REQUESTS", "HOME")));
    }

    @ParameterizedTest
    @CsvSource({
        "ackgate.data.dri, ackgate.data.dir",
        "ackgate.data-dir, ackgate.data.dir",
        "ackgate.storage.node, ackgate.storage.nodes",
        "ackgate.node.data-dir, ackgate.data.dir",
        "%prod.ackgate.produce.timout, ackgate.produce.timeout",
    })
    void a_misspelt_property_is_told_with_the_nearest_that_there_is(String given, String nearest) {
        assertEquals(
                List.of(
                        given.replace("%prod.", "")
                                + " is no setting of a gateway: did you mean "
                                + nearest
                                + "? Correct it, or leave it out"),
                names.problems(List.of(given), List.of()));
    }

    @Test
    void a_misspelt_variable_is_told_once_and_as_it_was_written() {
        assertEquals(
                List.of(
                        "ACKGATE_PRODUCE_TIMOUT is no setting of a gateway: did you mean"
                                + " ACKGATE_PRODUCE_TIMEOUT? Correct it, or leave it out"),
                names.problems(
                        List.of("ackgate.produce.timout"), List.of("ACKGATE_PRODUCE_TIMOUT")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ACKGATE_DATA_DIR",
                "ACKGATE_STORAGE_NODES_0_",
                "ACKGATE_BOOTSTRAP",
                "ACKGATE_CONTEXTS",
                "ACKGATE_NODE_ID",
                "ACKGATE_JAVA_OPTS",
                "ACKGATE_SERVICE_HOST",
                "ACKGATE_SERVICE_PORT",
                "ACKGATE_SERVICE_PORT_HTTP",
                "ACKGATE_PORT",
                "ACKGATE_PORT_8080_TCP",
                "ACKGATE_PORT_8080_TCP_ADDR",
                "ACKGATE_GATEWAY_PORT_8080_TCP_PROTO",
            })
    void variables_of_the_client_of_nodes_and_of_kubernetes_are_left_alone(String given) {
        assertEquals(List.of(), names.problems(List.of(), List.of(given)));
    }

    @Test
    void variables_of_nodes_are_named_since_they_have_no_effect_here() {
        assertEquals(
                List.of("ACKGATE_NODE_ID"),
                names.ofOthers(List.of("ACKGATE_DATA_DIR", "ACKGATE_NODE_ID", "HOME")));
    }

    @ParameterizedTest
    @CsvSource({"abc, abc, 0", "abc, abd, 1", "abc, bc, 1", "'', abc, 3", "kitten, sitting, 3"})
    void the_distance_counts_letters(String a, String b, int distance) {
        assertEquals(distance, SettingNames.distance(a, b));
        assertEquals(distance, SettingNames.distance(b, a));
    }
}
