package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An operator sets where a group goes on. */
@QuarkusTest
class GroupResetTest {
    private static ValidatableResponse reset(String group, String topic, String what) {
        return given().contentType("application/json")
                .body("{\"topic\": \"%s\", %s}".formatted(topic, what))
                .patch("/admin/v1/groups/" + group)
                .then();
    }

    private static void write(String topic, int partition, long timestampMs) {
        given().contentType("application/json")
                .body("{\"value\": \"v\", \"timestampMs\": %d}".formatted(timestampMs))
                .post("/admin/v1/topics/" + topic + "/records?partition=" + partition)
                .then()
                .statusCode(200);
    }

    private static String threeRecordsIn(int partition) throws Exception {
        String topic = topic(2, Map.of());
        for (int i = 1; i <= 3; i++) {
            write(topic, partition, i * 1_000L);
        }
        return topic;
    }

    @Test
    void a_group_goes_on_at_a_position_an_offset_or_a_time() throws Exception {
        String topic = threeRecordsIn(1);
        reset("reset", topic, "\"to\": \"latest\"")
                .statusCode(200)
                .body("offsets.partition", equalTo(List.of(0, 1)))
                .body("offsets.offset", equalTo(List.of(0, 3)))
                .body("lag", equalTo(0));
        reset("reset", topic, "\"to\": \"earliest\", \"partitions\": [1]")
                .statusCode(200)
                .body("offsets.offset", equalTo(List.of(0, 0)))
                .body("offsets[1].leaderEpoch", nullValue())
                .body("lag", equalTo(3));
        reset("reset", topic, "\"offset\": 2, \"partitions\": [1]")
                .statusCode(200)
                .body("offsets.offset", equalTo(List.of(0, 2)));
        reset("reset", topic, "\"timestampMs\": 1500, \"partitions\": [1]")
                .statusCode(200)
                .body("offsets.offset", equalTo(List.of(0, 1)));
        reset("reset", topic, "\"timestampMs\": 9000")
                .statusCode(200)
                .body("offsets.offset", equalTo(List.of(0, 3)));
    }

    @Test
    void an_offset_beyond_the_end_changes_nothing() throws Exception {
        String topic = threeRecordsIn(1);
        reset("kept", topic, "\"to\": \"latest\"").statusCode(200);
        reset("kept", topic, "\"offset\": 3")
                .statusCode(416)
                .body("code", equalTo("OFFSET_OUT_OF_RANGE"))
                .body("detail", containsString("offset 3 of " + topic + "-0 is beyond"));
        reset("kept", topic, "\"to\": \"latest\", \"partitions\": [0]")
                .body("offsets.offset", equalTo(List.of(0, 3)));
    }

    @Test
    void what_says_nothing_or_too_much_is_refused() throws Exception {
        String topic = topic(1, Map.of());
        reset("g", topic, "\"to\": \"latest\", \"offset\": 0")
                .statusCode(400)
                .body("detail", containsString("give one of to"));
        reset("g", topic, "\"partitions\": [0]").statusCode(400);
        reset("g", topic, "\"to\": \"end\"")
                .statusCode(400)
                .body("detail", containsString("to was given as 'end'"));
        reset("g", topic, "\"offset\": -1").statusCode(400).body("field", equalTo("offset"));
        reset("g", topic, "\"to\": \"latest\", \"partitions\": []").statusCode(400);
        reset("g", topic, "\"to\": \"latest\", \"partitions\": [1]").statusCode(404);
        reset("g", topic, "\"to\": \"latest\", \"dryRun\": true").statusCode(400);
        reset("g", "nowhere", "\"to\": \"latest\"").statusCode(404);
        reset("a b", topic, "\"to\": \"latest\"").statusCode(400);
    }
}
