package io.ackgate.gateway.rest;

import io.ackgate.gateway.error.ErrorCode;
import io.ackgate.gateway.error.ErrorGuide;
import io.ackgate.gateway.error.WriteStatus;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;

/** What each error means and what to do about it: where the type of a {@link Problem} leads. */
@Path(ErrorsResource.PATH)
@NonBlocking
@Produces("text/html;charset=UTF-8")
public class ErrorsResource {
    static final String PATH = "/errors/";

    /** Every error in one page. */
    @GET
    @Operation(summary = "All errors, and what to do about each")
    public String all() {
        return page(
                "Errors of Ackgate",
                Arrays.stream(ErrorCode.values())
                        .map(ErrorsResource::section)
                        .collect(Collectors.joining()));
    }

    /** One error. */
    @GET
    @Path("{code}")
    @Operation(summary = "What one error means, and what to do about it")
    public String one(@RestPath String code) {
        return Arrays.stream(ErrorCode.values())
                .filter(each -> each.name().equals(code))
                .findFirst()
                .map(each -> page(each.name(), section(each)))
                .orElseThrow(
                        () ->
                                new NotFoundException(
                                        "there is no such error; see " + PATH + " for all"));
    }

    private static String page(String title, String body) {
        return """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>%s</title></head><body>
        %s</body></html>
        """
                .formatted(title, body);
    }

    /** The texts are ours and hold nothing that HTML reads as anything else. */
    private static String section(ErrorCode code) {
        ErrorGuide guide = ErrorGuide.of(code);
        return """
        <h2 id="%s">%s</h2>
        <p>%s</p>
        <p><strong>What to do:</strong> %s</p>
        <p>Kafka's error %d, gRPC status %s, HTTP status %d; %s; %s.</p>
        """
                .formatted(
                        code.name(),
                        code.name(),
                        guide.when(),
                        guide.remedy(),
                        code.number(),
                        code.grpc(),
                        code.http(),
                        code.retriable()
                                ? "the very same request may succeed later"
                                : "the very same request ends the same way",
                        records(code));
    }

    private static String records(ErrorCode code) {
        boolean may = code.allows(WriteStatus.MAY_HAVE_BEEN_WRITTEN);
        boolean not = code.allows(WriteStatus.NOT_WRITTEN);
        if (may && not) {
            return "a write may have been done or not, the answer says which";
        }
        if (may) {
            return "the records of a write may have been written";
        }
        return not ? "no record of a write was written" : "no write ends with it";
    }
}
