package io.ackgate.gateway.rest;

import static io.ackgate.gateway.Calls.topic;
import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
                .body("records.value", equalTo(List.of("a", "b")))
                .body("nextOffset", equalTo(2));
        get("/admin/v1/topics/{name}/records?offset=2", name)
                .then()
                .body("records.value", equalTo(List.of("c")));
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
                .body("writeStatus", equalTo("NOT_WRITTEN"));
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

    @Test
    void numbers_and_repeated_fields_come_back_as_they_were_written() {
        String name = topic(1, Map.of());
        String value =
                "{\"id\":12345678901234567890.123456789,\"x\":1.10,\"z\":-0,\"d\":1,\"d\":2}";
        write(name, "", "{\"value\": " + value + "}").statusCode(200);
        write(name, "", "{\"value\": \"{} 1\"}").statusCode(200);
        String page = get("/admin/v1/topics/{name}/records", name).asString();
        assertTrue(page.contains("\"value\":" + value), page);
        assertTrue(page.contains("\"value\":\"{} 1\""), page);
    }

    @Test
    void bodies_that_are_no_record() {
        String name = topic(1, Map.of());
        for (String body :
                List.of(
                        "null",
                        "[null]",
                        "[{\"value\":\"a\"},null]",
                        "{\"value\":\"a\"}{\"value\":\"b\"}",
                        "{\"value\":\"a\"}\n{\"value\":\"b\"}",
                        "{\"value\":\"a\"} trash",
                        "[{\"value\":\"a\"}][{\"value\":\"b\"}]",
                        "{\"value\":\"\\ud800\"}")) {
            write(name, "", body).statusCode(400).contentType(Problem.MEDIA_TYPE);
        }
        get("/admin/v1/topics/{name}/records", name).then().body("records", hasSize(0));
    }

    @Test
    void json_is_utf8() {
        String name = topic(1, Map.of());
        given().header("Content-Type", "application/json; charset=ISO-8859-1")
                .body("{\"value\": \"a\"}".getBytes(StandardCharsets.ISO_8859_1))
                .post("/admin/v1/topics/{name}/records", name)
                .then()
                .statusCode(415)
                .body("detail", containsString("JSON is taken in UTF-8"));
        given().header("Content-Type", "application/json")
                .body(new byte[] {'{', '"', 'k', 'e', 'y', '"', ':', '"', (byte) 0xe9, '"', '}'})
                .post("/admin/v1/topics/{name}/records", name)
                .then()
                .statusCode(400)
                .body("detail", containsString("not UTF-8"));
    }

    @Test
    void an_idempotency_key_is_refused_rather_than_ignored() {
        String name = topic(1, Map.of());
        given().contentType("application/json")
                .header("Idempotency-Key", "42")
                .body("{\"value\": 1}")
                .post("/admin/v1/topics/{name}/records", name)
                .then()
                .statusCode(400)
                .body("field", equalTo("Idempotency-Key"))
                .body("writeStatus", equalTo("NOT_WRITTEN"));
        get("/admin/v1/topics/{name}/records", name).then().body("records", hasSize(0));
    }

    @Test
    void parameters_that_are_unknown_or_given_twice() {
        String name = topic(1, Map.of());
        write(name, "ack=0", "{\"value\": 1}")
                .statusCode(400)
                .body("detail", containsString("there is no parameter 'ack'"));
        assertRefused(name, "limt=5", 400, "there is no parameter 'limt'");
        assertRefused(name, "limit=5&limit=6", 400, "limit is given 2 times");
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
