package io.ackgate.gateway.rest;

import static io.restassured.RestAssured.get;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ackgate.gateway.error.ErrorCode;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** What an error means, at the address that the error names. */
@QuarkusTest
class ErrorsResourceTest {
    @Test
    void the_type_of_a_problem_leads_to_what_to_do_about_it() {
        String type =
                get("/admin/v1/topics/there-is-no-such-topic")
                        .then()
                        .statusCode(404)
                        .extract()
                        .path("type");
        get(type)
                .then()
                .statusCode(200)
                .contentType("text/html;charset=UTF-8")
                .body(
                        allOf(
                                containsString("UNKNOWN_TOPIC_OR_PARTITION"),
                                containsString("What to do:</strong> Create the topic")));
    }

    @Test
    void every_error_has_its_page_and_its_place_in_the_page_of_all() {
        String all = get(ErrorsResource.PATH).then().statusCode(200).extract().asString();
        for (ErrorCode code : ErrorCode.values()) {
            get(ErrorsResource.PATH + code).then().statusCode(200);
            assertTrue(all.contains("<h2 id=\"" + code + "\">"), code::name);
        }
    }

    @Test
    void what_is_no_error_is_not_found() {
        get(ErrorsResource.PATH + "NONE")
                .then()
                .statusCode(404)
                .contentType(Problem.MEDIA_TYPE)
                .body("type", equalTo("about:blank"))
                .body("detail", containsString("there is no such error"));
    }
}
