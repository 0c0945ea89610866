package io.ackgate.gateway.rest;

import io.ackgate.gateway.failure.RequestChecks;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;

/** The query of a request. */
final class Queries {
    private Queries() {}

    /** Refuses, with 400, what is not among the parameters of a resource or is given twice. */
    static void only(UriInfo uri, String... known) {
        uri.getQueryParameters()
                .forEach(
                        (name, values) -> {
                            if (!List.of(known).contains(name)) {
                                throw RequestChecks.invalid(
                                        name,
                                        "there is no parameter '%s'; there are %s"
                                                .formatted(name, List.of(known)));
                            }
                            if (values.size() > 1) {
                                throw RequestChecks.invalid(
                                        name, name + " is given %d times".formatted(values.size()));
                            }
                        });
    }
}
