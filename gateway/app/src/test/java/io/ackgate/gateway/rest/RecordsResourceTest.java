package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Records as JSON. */
@QuarkusTest
class RecordsResourceTest {
    @Test
    void what_curl_writes_curl_reads() {
        String name = topic(1, Map.of());
        write(
                        name,
                        "acks=all",
                        """
                        [{"key": "nc", "value": {"mag": 4.5}, "headers": {"source": "curl"},
                          "timestampMs": 7},
                         {"value": "plain"},
                         {"keyBase64": "/w==", "valueBase64": "AP8="},
                         {"key": "tombstone"}]
                        """)
                .statusCode(200)
                .body("", hasSize(1))
                .body("[0].baseOffset", equalTo(0))
                .body("[0].recordCount", equalTo(4));

        get("/admin/v1/topics/{name}/records", name)
                .then()
                .statusCode(200)
                .body("records", hasSize(4))
                .body("records[0].key", equalTo("nc"))
                .body("records[0].value.mag", equalTo(4.5f))
                .body("records[0].headers[0].key", equalTo("source"))
                .body("records[0].headers[0].value", equalTo("curl"))
                .body("records[0].timestampMs", equalTo(7))
                .body("records[1].value", equalTo("plain"))
                .body("records[1]", not(hasKey("key")))
                .body("records[2].keyBase64", equalTo("/w=="))
                .body("records[2].valueBase64", equalTo("AP8="))
                .body("records[3]", not(hasKey("value")))
                .body("nextOffset", equalTo(4))
                .body("highWatermark", equalTo(4));
    }

    @Test
    void a_single_record_need_not_be_a_list() {
        String name = topic(3, Map.of());
        write(name, "partition=2", "{\"value\": \"v\"}")
                .statusCode(200)
                .body("[0].partition", equalTo(2));
    }

    @Test
    void pages() {
        String name = topic(1, Map.of());
        write(name, "", "[{\"value\": \"a\"}, {\"value\": \"b\"}, {\"value\": \"c\"}]")
                .statusCode(200);
        get("/admin/v1/topics/{name}/records?limit=2", name)
                .then()
                .body("records.value", equalTo(java.util.List.of("a", "b")))
                .body("nextOffset", equalTo(2));
        get("/admin/v1/topics/{name}/records?offset=2", name)
                .then()
                .body("records.value", equalTo(java.util.List.of("c")));
        get("/admin/v1/topics/{name}/records?offset=latest", name)
                .then()
                .body("records", hasSize(0))
                .body("nextOffset", equalTo(3));
    }

    @Test
    void reads_that_cannot_be() {
        String name = topic(1, Map.of());
        assertRefused(name, "offset=x", 400, "earliest, latest and numbers from 0 are taken");
        assertRefused(name, "offset=9", 416, "offset 9 is not in the log");
        assertRefused(name, "limit=0", 400, "a whole number from 1 to 1000 is taken");
        assertRefused(name, "limit=x", 400, "a whole number from 1 to 1000 is taken");
        assertRefused(name, "partition=1", 404, "has no partition 1");
        assertRefused("nope", "", 404, "there is no topic 'nope'");
    }

    private static void assertRefused(String topic, String query, int status, String words) {
        get("/admin/v1/topics/" + topic + "/records" + (query.isEmpty() ? "" : "?" + query))
                .then()
                .statusCode(status)
                .contentType(Problem.MEDIA_TYPE)
                .body("detail", containsString(words));
    }

    @Test
    void writes_that_cannot_be() {
        String name = topic(1, Map.of("ackgate.min.acks", "1"));
        write(name, "acks=2", "{\"value\": 1}")
                .statusCode(400)
                .body("code", equalTo("INVALID_REQUIRED_ACKS"))
                .body("fate", equalTo("NOT_WRITTEN"));
        write(name, "acks=0", "{\"value\": 1}")
                .statusCode(422)
                .body("code", equalTo("POLICY_VIOLATION"));
        write(name, "timeoutMs=-1", "{\"value\": 1}").statusCode(400);
        write(name, "", "[]").statusCode(400).body("detail", containsString("empty"));
        write(name, "", "{\"value\": 1, \"valueBase64\": \"AA==\"}")
                .statusCode(400)
                .body("detail", containsString("as text and as base64"));
        write(name, "", "{\"vlaue\": 1}")
                .statusCode(400)
                .body("detail", containsString("there is no field 'vlaue'"));
        write("nope", "", "{\"value\": 1}").statusCode(404);
        get("/admin/v1/topics/{name}/records", name).then().body("records", hasSize(0));
    }

    private static ValidatableResponse write(String topic, String query, String body) {
        return given().contentType("application/json")
                .body(body)
                .post(
                        "/admin/v1/topics/"
                                + topic
                                + "/records"
                                + (query.isEmpty() ? "" : "?" + query))
                .then();
    }
}
